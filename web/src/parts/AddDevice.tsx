import { useState } from "react";
import type { FormEvent } from "react";
import { Button, Form, Modal } from "react-bootstrap";
import { call } from "../api/client";
import type { Enrollment, EnrollmentAnswer, MfaProof } from "../api/types";
import { useSession } from "../session";
import { keysKnown, register } from "../webauthn";
import { AppSetup } from "./AppSetup";
import { KindChoice } from "./KindChoice";
import { Problem } from "./Problem";
import { ProveAgain } from "./ProveAgain";
import { deviceWords } from "./devices";
import { useWork } from "./work";

type Step =
  | { at: "choice" }
  | { at: "proof"; try: number }
  | { at: "app"; enrollment: Enrollment }
  | { at: "key"; enrollment: Enrollment };

/** Registers another second factor: which, who are you, and its first answer. */
export function AddDevice({
  names,
  withPassword,
  onDone,
  onCancel,
}: {
  names: string[];
  withPassword: boolean;
  onDone: () => void;
  onCancel: () => void;
}) {
  const { ended } = useSession();
  const work = useWork(ended);
  const kinds = keysKnown() ? ["webauthn", "passkey", "totp"] : ["totp"];
  const [kind, setKind] = useState(kinds[0] ?? "totp");
  const [name, setName] = useState("");
  const [step, setStep] = useState<Step>({ at: "choice" });

  const finish = async (enrollment: Enrollment, rest: Partial<EnrollmentAnswer>) => {
    await call("POST /v1/web/devices/finish", { id: enrollment.id, device_name: name, ...rest });
    onDone();
  };
  const prove = (proof: MfaProof) =>
    work.run(async () => {
      try {
        const enrollment = await call("POST /v1/web/devices/begin", { kind, proof });
        setStep({ at: enrollment.totp === undefined ? "key" : "app", enrollment });
      } catch (error) {
        // Each challenge is good for one answer.
        setStep({ at: "proof", try: Date.now() });
        throw error;
      }
    });
  const useKey = (enrollment: Enrollment) =>
    work.run(async () => {
      if (enrollment.webauthn === undefined) throw new Error("This kind can't be registered here.");
      await finish(enrollment, { webauthn: await register(enrollment.webauthn) });
    });
  const choose = (event: FormEvent) => {
    event.preventDefault();
    if (names.includes(name.trim())) {
      work.setProblems([`You have a second factor named "${name.trim()}" already.`]);
    } else {
      work.setProblems([]);
      setName(name.trim());
      setStep({ at: "proof", try: 0 });
    }
  };

  return (
    <Modal show onHide={onCancel} aria-labelledby="add-title" backdrop="static">
      <Modal.Header closeButton closeLabel="Cancel">
        <Modal.Title id="add-title" as="h2">
          Add a second factor
        </Modal.Title>
      </Modal.Header>
      <Modal.Body>
        {step.at === "choice" ? (
          <Form onSubmit={choose}>
            <Problem texts={work.problems} />
            <KindChoice kinds={kinds} optional={false} value={kind} onChange={setKind} />
            <Form.Group className="mb-3" controlId="device-name">
              <Form.Label>What you call it</Form.Label>
              <Form.Control
                value={name}
                maxLength={64}
                placeholder={deviceWords(kind).name}
                onChange={(event) => setName(event.target.value)}
                required
              />
            </Form.Group>
            <Button type="submit">Continue</Button>
          </Form>
        ) : null}
        {step.at === "proof" ? (
          <ProveAgain
            key={step.try}
            withPassword={withPassword}
            busy={work.busy}
            problems={work.problems}
            onProof={(proof) => void prove(proof)}
          />
        ) : null}
        {step.at === "app" && step.enrollment.totp !== undefined ? (
          <>
            <Problem texts={work.problems} />
            <AppSetup
              totp={step.enrollment.totp}
              busy={work.busy}
              action="Add"
              onBack={() => setStep({ at: "choice" })}
              onCode={(code) =>
                void work.run(() => finish(step.enrollment, { totp_code: code }))
              }
            />
          </>
        ) : null}
        {step.at === "key" ? (
          <>
            <Problem texts={work.problems} />
            <p>Now touch the key that you add, or confirm on your device.</p>
            <Button disabled={work.busy} onClick={() => void useKey(step.enrollment)}>
              {work.busy ? "Waiting for your key…" : `Register "${name}"`}
            </Button>
          </>
        ) : null}
      </Modal.Body>
    </Modal>
  );
}
