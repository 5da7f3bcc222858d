import { useEffect, useState } from "react";
import { Button } from "react-bootstrap";
import { Refusal, call } from "../api/client";
import type { ConsoleInfo, ConsoleTicket } from "../api/types";
import { PlainFrame } from "../parts/Frame";
import { Loading } from "../parts/Loading";
import { Problem } from "../parts/Problem";
import { ProofForm } from "../parts/ProofForm";
import { useWork } from "../parts/work";
import { isLoopback } from "../redirects";
import { minute } from "../times";

type Step =
  | { at: "loading" }
  | { at: "gone" }
  | { at: "failed"; why: string }
  | { at: "proof"; info: ConsoleInfo }
  | { at: "decision"; info: ConsoleInfo; ticket: ConsoleTicket }
  | { at: "done"; approved: boolean };

/** A command-line tool asks for a sign-in: who asks, from where, and yes or no. */
export function ConsolePage({ id }: { id: string }) {
  const [step, setStep] = useState<Step>({ at: "loading" });
  const work = useWork((error) => {
    if (error instanceof Refusal && error.gone) {
      setStep({ at: "gone" });
      return true;
    }
    return false;
  });
  useEffect(() => {
    call("POST /v1/web/console/open", { id }).then(
      (info) => setStep({ at: "proof", info }),
      (error: unknown) =>
        setStep(
          error instanceof Refusal && !error.gone
            ? { at: "failed", why: error.message }
            : { at: "gone" },
        ),
    );
  }, [id]);

  const leave = (approved: boolean, redirect: string) => {
    setStep({ at: "done", approved });
    if (isLoopback(redirect)) window.location.replace(redirect);
  };
  const reject = () =>
    work.run(async () => {
      const { redirect } = await call("POST /v1/web/console/reject", { id });
      leave(false, redirect);
    });
  const approve = (ticket: ConsoleTicket) =>
    work.run(async () => {
      const { redirect } = await call("POST /v1/web/console/approve", { id, ticket: ticket.ticket });
      leave(true, redirect);
    });

  switch (step.at) {
    case "loading":
      return <Loading what="the request" />;
    case "failed":
      return (
        <PlainFrame title="Sign in to your terminal">
          <Problem texts={[step.why]} />
        </PlainFrame>
      );
    case "gone":
      return (
        <PlainFrame title="This request is over">
          <p>It was answered, it has expired, or the program that made it went away.</p>
          <p>Run the command in your terminal again. You may close this page.</p>
        </PlainFrame>
      );
    case "done":
      return (
        <PlainFrame title={step.approved ? "Approved" : "Rejected"}>
          <p>
            {step.approved
              ? "Go on in your terminal. You may close this page."
              : "Nothing was given to the program. You may close this page."}
          </p>
        </PlainFrame>
      );
    case "proof":
      return (
        <PlainFrame title={title(step.info)}>
          <Who info={step.info} />
          <Problem texts={work.problems} />
          <ProofForm
            {...(step.info.user === undefined ? {} : { user: step.info.user })}
            factorAlone={step.info.kind === "mfa"}
            action="Continue"
            onProof={async (proof) => {
              const ticket = await call("POST /v1/web/console/sign-in", { id, proof });
              setStep({ at: "decision", info: step.info, ticket });
            }}
          />
          <div className="below">
            <Button variant="link" disabled={work.busy} onClick={() => void reject()}>
              It was not me: reject
            </Button>
          </div>
        </PlainFrame>
      );
    case "decision":
      return (
        <PlainFrame title={title(step.info)}>
          <Who info={step.info} />
          <Problem texts={work.problems} />
          <p>
            {step.info.kind === "mfa" ? (
              <>
                Approve only if you started this yourself. It confirms a second factor of{" "}
                <strong>{step.ticket.user}</strong>.
              </>
            ) : (
              <>
                Approve only if you started this yourself. The program gets a login as{" "}
                <strong>{step.ticket.user}</strong>.
              </>
            )}
          </p>
          <div className="decision">
            <Button disabled={work.busy} onClick={() => void approve(step.ticket)}>
              Approve
            </Button>
            <Button variant="outline-danger" disabled={work.busy} onClick={() => void reject()}>
              Reject
            </Button>
          </div>
        </PlainFrame>
      );
  }
}

function title(info: ConsoleInfo): string {
  return info.kind === "mfa" ? "Confirm your second factor" : "Sign in to your terminal";
}

function Who({ info }: { info: ConsoleInfo }) {
  return (
    <>
      <p>A program asks for this. Check that it is yours.</p>
      <dl className="facts">
        <dt>From address</dt>
        <dd>{info.address}</dd>
        <dt>Asked at</dt>
        <dd>{minute(info.requested)}</dd>
        {info.user === undefined ? null : (
          <>
            <dt>For user</dt>
            <dd>{info.user}</dd>
          </>
        )}
        <dt>
          Program <span className="unproven">(says it of itself)</span>
        </dt>
        <dd>{info.client.program}</dd>
        <dt>
          Computer <span className="unproven">(says it of itself)</span>
        </dt>
        <dd>
          {info.client.host}
          {info.client.os === "" ? "" : `, ${info.client.os}`}
        </dd>
        {info.client.reason === "" ? null : (
          <>
            <dt>What for</dt>
            <dd>{info.client.reason}</dd>
          </>
        )}
      </dl>
    </>
  );
}
