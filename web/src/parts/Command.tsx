import { Fragment, useState } from "react";
import { Button } from "react-bootstrap";

/** A command for the terminal, whose lines end between words, and a button that copies it. */
export function Command({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className="command">
      <pre>
        <code>
          {text.split(" ").map((word, place) => (
            <Fragment key={place}>
              {place > 0 && " "}
              <span className="word">{word}</span>
            </Fragment>
          ))}
        </code>
      </pre>
      <Button size="sm" variant="outline-secondary" onClick={copy} aria-label={`Copy: ${text}`}>
        {copied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}
