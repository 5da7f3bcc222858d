import { useState } from "react";
import type { FormEvent } from "react";
import { Button, Form } from "react-bootstrap";
import { call } from "../api/client";
import type { MfaChallenge, SignInForm } from "../api/types";
import { answer, keysKnown } from "../webauthn";
import { CodeField, digits } from "./CodeField";
import { Problem } from "./Problem";
import { useWork } from "./work";

interface Props {
  /** Who must sign in; anybody if absent. */
  user?: string;
  /** Whether only a second factor is asked for. */
  factorAlone?: boolean;
  /** What the last button says. */
  action: string;
  /** Takes the proof; what it throws is shown. */
  onProof: (proof: SignInForm) => Promise<void>;
}

/** Asks who somebody is: password, then second factor; or a passkey alone. */
export function ProofForm({ user: fixed, factorAlone = false, action, onProof }: Props) {
  const [user, setUser] = useState(fixed ?? "");
  const [password, setPassword] = useState("");
  const [challenge, setChallenge] = useState<MfaChallenge>();
  const work = useWork((_error) => {
    // A challenge is good for one answer.
    setChallenge(undefined);
    return false;
  });

  const finish = async (proof: Partial<SignInForm>) => {
    await onProof({ user, password, ...proof });
  };
  const begin = async () => {
    const begun = await call("POST /v1/web/login/begin", { user, passwordless: false });
    if (begun.totp || begun.webauthn !== undefined) setChallenge(begun);
    else await finish({});
  };
  const passkey = async () => {
    const begun = await call("POST /v1/web/login/begin", { user: "", passwordless: true });
    if (begun.webauthn === undefined) throw new Error("This cluster takes no passkeys.");
    const credential = await answer(begun.webauthn);
    const webauthn = { challenge_id: begun.id, credential };
    await onProof({ user: "", password: "", webauthn });
  };

  if (challenge !== undefined) {
    return (
      <Factor
        challenge={challenge}
        action={action}
        busy={work.busy}
        problems={work.problems}
        onBack={() => setChallenge(undefined)}
        onFactor={(proof) => void work.run(() => finish(proof))}
      />
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void work.run(begin);
  };
  return (
    <>
      <Problem texts={work.problems} />
      <Form onSubmit={submit}>
        <Form.Group className="mb-3" controlId="user">
          <Form.Label>User name</Form.Label>
          <Form.Control
            type="text"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={256}
            value={user}
            readOnly={fixed !== undefined}
            onChange={(event) => setUser(event.target.value)}
            required
            autoFocus={fixed === undefined}
          />
        </Form.Group>
        {factorAlone ? null : (
          <Form.Group className="mb-3" controlId="password">
            <Form.Label>Password</Form.Label>
            <Form.Control
              type="password"
              autoComplete="current-password"
              maxLength={128}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              required
              autoFocus={fixed !== undefined}
            />
          </Form.Group>
        )}
        <Button type="submit" className="w-100" disabled={work.busy}>
          {work.busy ? "One moment…" : factorAlone ? "Use your second factor" : action}
        </Button>
      </Form>
      {keysKnown() && !factorAlone ? (
        <>
          <p className="or">or</p>
          <Button
            variant="outline-primary"
            className="w-100"
            disabled={work.busy}
            onClick={() => void work.run(passkey)}
          >
            {action} with a passkey
          </Button>
        </>
      ) : null}
    </>
  );
}

function Factor({
  challenge,
  action,
  busy,
  problems,
  onBack,
  onFactor,
}: {
  challenge: MfaChallenge;
  action: string;
  busy: boolean;
  problems: string[];
  onBack: () => void;
  onFactor: (proof: Partial<SignInForm>) => void;
}) {
  const [code, setCode] = useState("");
  const key = useWork();
  const options = challenge.webauthn;
  const useKey = () =>
    key.run(async () => {
      if (options === undefined) return;
      const credential = await answer(options);
      onFactor({ webauthn: { challenge_id: challenge.id, credential } });
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFactor({ totp_code: digits(code) });
  };
  return (
    <>
      <Problem texts={[...problems, ...key.problems]} />
      <p>Confirm that it is you with your second factor.</p>
      {challenge.totp ? (
        <Form onSubmit={submit}>
          <CodeField id="code" value={code} onChange={setCode} />
          <Button type="submit" className="w-100" disabled={busy || key.busy}>
            {busy ? "One moment…" : action}
          </Button>
        </Form>
      ) : null}
      {challenge.totp && options !== undefined ? <p className="or">or</p> : null}
      {options !== undefined ? (
        <Button
          variant={challenge.totp ? "outline-primary" : "primary"}
          className="w-100"
          disabled={busy || key.busy || !keysKnown()}
          onClick={() => void useKey()}
        >
          {key.busy ? "Waiting for your key…" : "Use a security key or passkey"}
        </Button>
      ) : null}
      <div className="below">
        <Button variant="link" onClick={onBack} disabled={busy}>
          Back
        </Button>
        {challenge.required ? null : (
          <Button variant="link" onClick={() => onFactor({})} disabled={busy || key.busy}>
            I have no second factor
          </Button>
        )}
      </div>
    </>
  );
}
