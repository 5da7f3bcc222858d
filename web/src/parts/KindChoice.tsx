import { Form } from "react-bootstrap";
import { deviceWords } from "./devices";

/** A choice of which kind of second factor to register; "" is none. */
export function KindChoice({
  kinds,
  optional,
  value,
  onChange,
}: {
  kinds: string[];
  optional: boolean;
  value: string;
  onChange: (kind: string) => void;
}) {
  const choices = optional ? [...kinds, ""] : kinds;
  return (
    <fieldset className="mb-3">
      <legend className="form-label">Second factor</legend>
      {choices.map((kind) => {
        const words = deviceWords(kind);
        return (
          <Form.Check
            key={kind}
            type="radio"
            name="kind"
            id={`kind-${kind === "" ? "none" : kind}`}
            className="kind"
            checked={value === kind}
            onChange={() => onChange(kind)}
            label={
              kind === "" ? (
                "None for now"
              ) : (
                <>
                  {words.choice}
                  <span className="about">{words.about}</span>
                </>
              )
            }
          />
        );
      })}
    </fieldset>
  );
}
