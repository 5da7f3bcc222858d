import { useEffect, useRef } from "react";
import { Alert } from "react-bootstrap";

/** What went wrong, read out and brought into view as soon as it is there. */
export function Problem({ texts }: { texts: string[] }) {
  const box = useRef<HTMLDivElement>(null);
  const shown = texts.join("\n");
  useEffect(() => {
    if (shown !== "") box.current?.scrollIntoView({ block: "nearest" });
  }, [shown]);
  if (texts.length === 0) return null;
  return (
    <Alert variant="danger" ref={box} className="problem">
      {texts.length === 1 ? (
        texts[0]
      ) : (
        <ul className="mb-0 ps-3">
          {texts.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </Alert>
  );
}
