import { Alert } from "react-bootstrap";
import { useCluster } from "../cluster";

/** What the cluster's administrators want everybody to read before they sign in. */
export function MessageOfTheDay() {
  const message = useCluster()?.message_of_the_day;
  return message ? (
    <Alert variant="info" className="message-of-the-day">
      {message}
    </Alert>
  ) : null;
}
