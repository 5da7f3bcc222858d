import { useCallback, useEffect, useState } from "react";
import { Alert, Button, Table } from "react-bootstrap";
import { call, words } from "../api/client";
import type { MfaDevice } from "../api/types";
import { AddDevice } from "../parts/AddDevice";
import { ChangePassword } from "../parts/ChangePassword";
import { useTitle } from "../parts/Frame";
import { Loading } from "../parts/Loading";
import { Problem } from "../parts/Problem";
import { RemoveDevice } from "../parts/RemoveDevice";
import { deviceWords } from "../parts/devices";
import { useSession, useUser } from "../session";
import { minute } from "../times";

/** What one changes of one's own: second factors and the password. */
export function AccountPage() {
  const user = useUser();
  useTitle("Account");
  return (
    <>
      <h1>Account</h1>
      <p className="text-body-secondary">
        <strong>{user.user}</strong>, signed in until {minute(user.ends_at_latest)} at the latest.
      </p>
      <Credentials />
    </>
  );
}

function Credentials() {
  const { ended } = useSession();
  const [devices, setDevices] = useState<MfaDevice[]>();
  const [problem, setProblem] = useState<string>();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<MfaDevice>();
  const [changing, setChanging] = useState(false);
  const [done, setDone] = useState<string>();
  const load = useCallback(() => {
    call("GET /v1/web/devices").then(
      (list) => {
        setDevices(list.devices);
        setProblem(undefined);
      },
      (error: unknown) => {
        if (!ended(error)) setProblem(words(error));
      },
    );
  }, [ended]);
  useEffect(load, [load]);
  const finished = (text: string) => {
    setAdding(false);
    setRemoving(undefined);
    setDone(text);
    load();
  };
  return (
    <>
    <section aria-labelledby="factors">
      <h2 id="factors">Second factors</h2>
      <p>What you show besides your password when you sign in. Two are better than one.</p>
      {problem === undefined ? null : <Problem texts={[problem]} />}
      {done === undefined ? null : (
        <Alert variant="success" role="status">
          {done}
        </Alert>
      )}
      {devices === undefined && problem === undefined ? <Loading what="second factors" /> : null}
      {devices === undefined ? null : devices.length === 0 ? (
        <Alert variant="warning">
          You have none: who learns your password can sign in as you. Add one.
        </Alert>
      ) : (
        <Devices devices={devices} onRemove={setRemoving} />
      )}
      <Button disabled={devices === undefined} onClick={() => setAdding(true)}>
        Add a second factor
      </Button>
      {adding && devices !== undefined ? (
        <AddDevice
          names={devices.map((device) => device.name)}
          withPassword={devices.length === 0}
          onDone={() => finished("The second factor was added.")}
          onCancel={() => setAdding(false)}
        />
      ) : null}
      {removing === undefined ? null : (
        <RemoveDevice
          device={removing}
          onDone={() => finished(`“${removing.name}” was removed.`)}
          onCancel={() => setRemoving(undefined)}
        />
      )}
    </section>
    <section aria-labelledby="password-section">
      <h2 id="password-section">Password</h2>
      <p>Changing it signs every browser out.</p>
      <Button
        variant="outline-primary"
        disabled={devices === undefined}
        onClick={() => setChanging(true)}
      >
        Change password
      </Button>
      {changing && devices !== undefined ? (
        <ChangePassword withFactor={devices.length > 0} onCancel={() => setChanging(false)} />
      ) : null}
    </section>
    </>
  );
}

function Devices({
  devices,
  onRemove,
}: {
  devices: MfaDevice[];
  onRemove: (device: MfaDevice) => void;
}) {
  return (
    <Table responsive="sm" className="align-middle devices">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Kind</th>
          <th scope="col" className="d-none d-sm-table-cell">
            Added
          </th>
          <th scope="col" className="d-none d-sm-table-cell">
            Last used
          </th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {devices.map((device) => (
          <tr key={device.id}>
            <th scope="row">{device.name}</th>
            <td>{deviceWords(device.kind).name}</td>
            <td className="d-none d-sm-table-cell">{minute(device.added)}</td>
            <td className="d-none d-sm-table-cell">
              {device.last_used === undefined ? "never" : minute(device.last_used)}
            </td>
            <td className="text-end">
              <Button
                size="sm"
                variant="outline-danger"
                aria-label={`Remove ${device.name}`}
                onClick={() => onRemove(device)}
              >
                Remove
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
