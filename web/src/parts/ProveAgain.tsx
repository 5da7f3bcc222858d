import { useEffect, useState } from "react";
import type { FormEvent } from "react";
import { Button, Form } from "react-bootstrap";
import { call, words } from "../api/client";
import type { MfaChallenge, MfaProof } from "../api/types";
import { useSession } from "../session";
import { answer, keysKnown } from "../webauthn";
import { CodeField, digits } from "./CodeField";
import { Loading } from "./Loading";
import { Problem } from "./Problem";
import { useWork } from "./work";

/** Has somebody who is signed in prove once more who they are. */
export function ProveAgain({
  withPassword,
  busy,
  problems,
  onProof,
}: {
  /** Whether the password is the proof, since there is no second factor yet. */
  withPassword: boolean;
  busy: boolean;
  problems: string[];
  onProof: (proof: MfaProof) => void;
}) {
  const { ended } = useSession();
  const [challenge, setChallenge] = useState<MfaChallenge>();
  const [failure, setFailure] = useState<string>();
  const [text, setText] = useState("");
  const key = useWork();
  useEffect(() => {
    if (withPassword) return;
    call("POST /v1/web/devices/challenge", {}).then(setChallenge, (error: unknown) => {
      if (!ended(error)) setFailure(words(error));
    });
  }, [withPassword, ended]);

  const shown = [...problems, ...key.problems, ...(failure === undefined ? [] : [failure])];
  if (withPassword) {
    const submit = (event: FormEvent) => {
      event.preventDefault();
      onProof({ password: text });
    };
    return (
      <Form onSubmit={submit}>
        <Problem texts={shown} />
        <Form.Group className="mb-3" controlId="proof-password">
          <Form.Label>Your password</Form.Label>
          <Form.Control
            type="password"
            autoComplete="current-password"
            value={text}
            onChange={(event) => setText(event.target.value)}
            required
            autoFocus
          />
        </Form.Group>
        <Button type="submit" disabled={busy}>
          Continue
        </Button>
      </Form>
    );
  }
  if (challenge === undefined) {
    return failure === undefined ? <Loading what="the check" /> : <Problem texts={shown} />;
  }
  const options = challenge.webauthn;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onProof({ totp_code: digits(text) });
  };
  const useKey = () =>
    key.run(async () => {
      if (options === undefined) return;
      const credential = await answer(options);
      onProof({ webauthn: { challenge_id: challenge.id, credential } });
    });
  return (
    <>
      <Problem texts={shown} />
      <p>Confirm that it is you with a second factor that is registered already.</p>
      {challenge.totp ? (
        <Form onSubmit={submit} className="mb-3">
          <CodeField id="proof-code" value={text} onChange={setText} />
          <Button type="submit" disabled={busy || key.busy}>
            Continue
          </Button>
        </Form>
      ) : null}
      {options === undefined ? null : (
        <Button
          variant={challenge.totp ? "outline-primary" : "primary"}
          disabled={busy || key.busy || !keysKnown()}
          onClick={() => void useKey()}
        >
          {key.busy ? "Waiting for your key…" : "Use a security key or passkey"}
        </Button>
      )}
    </>
  );
}
