import { useEffect, useState } from "react";
import type { FormEvent } from "react";
import { Button, Form } from "react-bootstrap";
import { Link, useParams } from "react-router";
import { Refusal, call } from "../api/client";
import type { Enrollment, EnrollmentAnswer, InviteInfo } from "../api/types";
import { useCluster } from "../cluster";
import { AppSetup } from "../parts/AppSetup";
import { Command } from "../parts/Command";
import { PlainFrame } from "../parts/Frame";
import { KindChoice } from "../parts/KindChoice";
import { Loading } from "../parts/Loading";
import { NewPassword } from "../parts/NewPassword";
import { Problem } from "../parts/Problem";
import { deviceWords } from "../parts/devices";
import { useWork } from "../parts/work";
import { faults } from "../passwords";
import { signIn } from "../shell";
import { minute } from "../times";
import { keysKnown, register } from "../webauthn";

type Step =
  | { at: "loading" }
  | { at: "gone" }
  | { at: "failed"; why: string }
  | { at: "form"; info: InviteInfo }
  | { at: "app"; info: InviteInfo; enrollment: Enrollment }
  | { at: "done"; user: string };

const TITLES = { invite: "Welcome", reset: "Reset your password" };
const LEADS = {
  invite: "You were invited to this cluster. Choose how you will sign in.",
  reset: "Choose a new password. The old one no longer works.",
};

/** What the links of `tctl users add` and `tctl users reset` open. */
export function LinkPage({ kind }: { kind: "invite" | "reset" }) {
  const token = useParams().token ?? "";
  const link = { kind, token };
  const [step, setStep] = useState<Step>({ at: "loading" });
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [device, setDevice] = useState<string>();
  const work = useWork((error) => {
    const gone = error instanceof Refusal && error.gone;
    if (gone) setStep({ at: "gone" });
    return gone;
  });
  useEffect(() => {
    call("POST /v1/web/links/open", { kind, token }).then(
      (info) => setStep({ at: "form", info }),
      (error: unknown) =>
        setStep(
          error instanceof Refusal && !error.gone
            ? { at: "failed", why: error.message }
            : { at: "gone" },
        ),
    );
  }, [kind, token]);

  const accept = async (info: InviteInfo, answer?: EnrollmentAnswer) => {
    await call("POST /v1/web/links/accept", {
      link,
      password,
      ...(answer === undefined ? {} : { device: answer }),
    });
    setStep({ at: "done", user: info.user });
  };
  const go = async (info: InviteInfo, chosen: string) => {
    if (chosen === "") return accept(info);
    const enrollment = await call("POST /v1/web/links/device", { link, device_kind: chosen });
    if (enrollment.totp !== undefined) {
      setStep({ at: "app", info, enrollment });
      return undefined;
    }
    if (enrollment.webauthn === undefined) throw new Error("This kind can't be registered here.");
    const webauthn = await register(enrollment.webauthn);
    return accept(info, {
      id: enrollment.id,
      device_name: deviceWords(chosen).name,
      webauthn,
    });
  };

  switch (step.at) {
    case "loading":
      return <Loading what="your link" />;
    case "gone":
      return <Gone />;
    case "failed":
      return (
        <PlainFrame title={TITLES[kind]}>
          <Problem texts={[step.why]} />
          <p>Your link was not used up. Open it again in a moment.</p>
        </PlainFrame>
      );
    case "done":
      return <Done user={step.user} />;
    case "app":
      return (
        <PlainFrame title="Set up your app">
          <Problem texts={work.problems} />
          {step.enrollment.totp === undefined ? null : (
            <AppSetup
              totp={step.enrollment.totp}
              busy={work.busy}
              action="Finish"
              onBack={() => setStep({ at: "form", info: step.info })}
              onCode={(code) =>
                void work.run(() =>
                  accept(step.info, {
                    id: step.enrollment.id,
                    device_name: deviceWords("totp").name,
                    totp_code: code,
                  }),
                )
              }
            />
          )}
        </PlainFrame>
      );
    case "form": {
      const { info } = step;
      const kinds = info.device_kinds.filter((one) => one === "totp" || keysKnown());
      const chosen = device ?? (info.device_required ? (kinds[0] ?? "") : "");
      const submit = (event: FormEvent) => {
        event.preventDefault();
        const found = faults(password, again);
        if (found.length > 0) work.setProblems(found);
        else void work.run(() => go(info, chosen));
      };
      return (
        <PlainFrame title={TITLES[kind]}>
          <p>{LEADS[kind]}</p>
          <Problem texts={work.problems} />
          <Form onSubmit={submit} noValidate>
            <Form.Group className="mb-3" controlId="account">
              <Form.Label>Account</Form.Label>
              <Form.Control
                type="text"
                name="username"
                autoComplete="username"
                value={info.user}
                readOnly
              />
            </Form.Group>
            <NewPassword
              password={password}
              again={again}
              onPassword={setPassword}
              onAgain={setAgain}
            />
            {kinds.length === 0 ? null : (
              <KindChoice
                kinds={kinds}
                optional={!info.device_required}
                value={chosen}
                onChange={setDevice}
              />
            )}
            <Button type="submit" className="w-100" disabled={work.busy}>
              {work.busy ? "One moment…" : chosen === "totp" ? "Continue" : "Save"}
            </Button>
          </Form>
          <p className="note">This link works once, until {minute(info.expires)}.</p>
        </PlainFrame>
      );
    }
  }
}

function Done({ user }: { user: string }) {
  const cluster = useCluster();
  return (
    <PlainFrame title="You can sign in now">
      <p>
        Your account <strong>{user}</strong> is ready. In your terminal:
      </p>
      {cluster === undefined ? null : <Command text={signIn(cluster.proxy_address, user)} />}
      <p className="note">
        Or <Link to="/login">sign in here</Link>, in the browser.
      </p>
    </PlainFrame>
  );
}

/** Which of these it was is nobody's business. */
function Gone() {
  return (
    <PlainFrame title="This link does not work">
      <p>It was used already, it has expired, or it is incomplete.</p>
      <p>Ask an administrator of this cluster for a new one. They make it with:</p>
      <Command text="tctl users reset <your name>" />
    </PlainFrame>
  );
}
