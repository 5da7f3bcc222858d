import { Form } from "react-bootstrap";

/** A field for the six digits of an app. */
export function CodeField({
  id,
  value,
  onChange,
}: {
  id: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <Form.Group className="mb-3" controlId={id}>
      <Form.Label>Code from your authenticator app</Form.Label>
      <Form.Control
        type="text"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9 ]{6,7}"
        maxLength={7}
        className="code"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        required
        autoFocus
      />
    </Form.Group>
  );
}

/** The digits of what was typed. */
export function digits(text: string): string {
  return text.replaceAll(" ", "");
}
