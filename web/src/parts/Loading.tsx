import { Spinner } from "react-bootstrap";

/** Something is on its way. */
export function Loading({ what }: { what: string }) {
  return (
    <p className="loading" role="status">
      <Spinner animation="border" size="sm" aria-hidden="true" /> Loading {what}…
    </p>
  );
}
