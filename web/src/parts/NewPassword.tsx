import { Form } from "react-bootstrap";
import { BYTES_MAX, CHARACTERS_MIN } from "../passwords";

/** Two fields for a new password, and what it must be. */
export function NewPassword({
  password,
  again,
  onPassword,
  onAgain,
}: {
  password: string;
  again: string;
  onPassword: (value: string) => void;
  onAgain: (value: string) => void;
}) {
  return (
    <>
      <Form.Group className="mb-3" controlId="new-password">
        <Form.Label>New password</Form.Label>
        <Form.Control
          type="password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => onPassword(event.target.value)}
          aria-describedby="password-rules"
          required
        />
        <Form.Text as="ul" id="password-rules" className="rules">
          <li>At least {CHARACTERS_MIN} characters; a sentence is easy to remember.</li>
          <li>Any characters, spaces too, up to {BYTES_MAX} bytes.</li>
          <li>Not one that you use elsewhere.</li>
        </Form.Text>
      </Form.Group>
      <Form.Group className="mb-3" controlId="again">
        <Form.Label>New password, once more</Form.Label>
        <Form.Control
          type="password"
          autoComplete="new-password"
          value={again}
          onChange={(event) => onAgain(event.target.value)}
          required
        />
      </Form.Group>
    </>
  );
}
