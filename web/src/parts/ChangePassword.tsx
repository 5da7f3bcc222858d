import { useState } from "react";
import type { FormEvent } from "react";
import { Button, Form, Modal } from "react-bootstrap";
import { call } from "../api/client";
import type { MfaProof } from "../api/types";
import { faults } from "../passwords";
import { useSession } from "../session";
import { NewPassword } from "./NewPassword";
import { Problem } from "./Problem";
import { ProveAgain } from "./ProveAgain";
import { useWork } from "./work";

type Step = "form" | "proof" | "done";

/** Changes the password: the old one and the new one, then a second factor if there is one. */
export function ChangePassword({
  withFactor,
  onCancel,
}: {
  withFactor: boolean;
  onCancel: () => void;
}) {
  const { refresh, ended } = useSession();
  const work = useWork(ended);
  const [step, setStep] = useState<Step>("form");
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");

  const change = (proof: MfaProof) =>
    work.run(async () => {
      try {
        await call("POST /v1/web/password", { current, next: password, proof });
        setStep("done");
      } catch (error) {
        setStep("form");
        throw error;
      }
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = faults(password, again);
    work.setProblems(found);
    if (found.length > 0) return;
    if (withFactor) setStep("proof");
    else void change({});
  };
  return (
    <Modal
      show
      onHide={step === "done" ? () => void refresh() : onCancel}
      aria-labelledby="password-title"
      backdrop="static"
    >
      <Modal.Header closeButton closeLabel="Close">
        <Modal.Title id="password-title" as="h2">
          Change password
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>
        {step === "form" ? (
          <Form onSubmit={submit} noValidate>
            <Problem texts={work.problems} />
            <Form.Group className="mb-3" controlId="current-password">
              <Form.Label>Current password</Form.Label>
              <Form.Control
                type="password"
                autoComplete="current-password"
                value={current}
                onChange={(event) => setCurrent(event.target.value)}
                required
                autoFocus
              />
            </Form.Group>
            <NewPassword
              password={password}
              again={again}
              onPassword={setPassword}
              onAgain={setAgain}
            />
            <Button type="submit" disabled={work.busy}>
              {withFactor ? "Continue" : "Change it"}
            </Button>
          </Form>
        ) : null}
        {step === "proof" ? (
          <ProveAgain
            withPassword={false}
            busy={work.busy}
            problems={work.problems}
            onProof={(proof) => void change(proof)}
          />
        ) : null}
        {step === "done" ? (
          <>
            <p>Your password was changed, and every browser was signed out.</p>
            <Button onClick={() => void refresh()}>Sign in again</Button>
          </>
        ) : null}
      </Modal.Body>
    </Modal>
  );
}
