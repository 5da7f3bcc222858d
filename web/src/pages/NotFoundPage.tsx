import { Link } from "react-router";
import { PlainFrame } from "../parts/Frame";

export function NotFoundPage() {
  return (
    <PlainFrame title="Nothing here">
      <p>There is no page at this address.</p>
      <Link to="/">Go to the start</Link>
    </PlainFrame>
  );
}
