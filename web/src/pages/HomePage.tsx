import { useEffect, useState } from "react";
import { Alert, Badge, Card } from "react-bootstrap";
import { call, words } from "../api/client";
import type { DatabaseView } from "../api/types";
import { useCluster } from "../cluster";
import { Command } from "../parts/Command";
import { useTitle } from "../parts/Frame";
import { Loading } from "../parts/Loading";
import { Problem } from "../parts/Problem";
import { useSession, useUser } from "../session";
import { signIn, tunnel } from "../shell";

/** What somebody who is signed in may use, and how. */
export function HomePage() {
  const user = useUser();
  const cluster = useCluster();
  const { ended } = useSession();
  const [databases, setDatabases] = useState<DatabaseView[]>();
  const [problem, setProblem] = useState<string>();
  useTitle("Databases");
  useEffect(() => {
    call("GET /v1/web/databases").then(
      (list) => setDatabases(list.databases),
      (error: unknown) => {
        if (!ended(error)) setProblem(words(error));
      },
    );
  }, [ended]);
  return (
    <>
      <h1>Databases</h1>
      <p className="text-body-secondary">
        Signed in as <strong>{user.user}</strong>
        {user.roles.length === 0 ? ", without roles" : ", with the roles "}
        {user.roles.map((role) => (
          <Badge key={role} bg="secondary" className="me-1">
            {role}
          </Badge>
        ))}
      </p>
      {cluster === undefined ? null : (
        <section aria-labelledby="first">
          <h2 id="first">First, sign in from your terminal</h2>
          <Command text={signIn(cluster.proxy_address, user.user)} />
        </section>
      )}
      <section aria-labelledby="then">
        <h2 id="then">Then open a local port to a database</h2>
        {problem === undefined ? null : <Problem texts={[problem]} />}
        {databases === undefined && problem === undefined ? <Loading what="databases" /> : null}
        {databases?.length === 0 ? (
          <Alert variant="info">
            Your roles give you no database, or no agent serves one right now. An administrator can
            tell you more.
          </Alert>
        ) : null}
        <ul className="databases">
          {databases?.map((database) => (
            <li key={database.name}>
              <DatabaseCard database={database} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function DatabaseCard({ database }: { database: DatabaseView }) {
  const users = database.wildcard ? ["<role>", ...database.allowed_users] : database.allowed_users;
  return (
    <Card>
      <Card.Body>
        <Card.Title as="h3">{database.name}</Card.Title>
        {database.description === "" ? null : <Card.Text>{database.description}</Card.Text>}
        <p className="labels">
          {Object.entries(database.labels).map(([key, value]) => (
            <Badge key={key} bg="body-tertiary" text="body" className="border me-1">
              {key}: {value}
            </Badge>
          ))}
        </p>
        {users.length === 0 ? (
          <p className="mb-0">Your roles name no database user here, so it can't be used yet.</p>
        ) : (
          users.map((name) => <Command key={name} text={tunnel(database.name, name)} />)
        )}
        {database.wildcard ? (
          <p className="mb-0 text-body-secondary">
            Your roles allow any IAM role for <code>--db-user</code>
            {database.denied_users.length === 0 ? "" : `, but not ${database.denied_users.join(", ")}`}
            .
          </p>
        ) : null}
      </Card.Body>
    </Card>
  );
}
