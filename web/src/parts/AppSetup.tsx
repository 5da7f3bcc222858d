import { QRCodeSVG } from "qrcode.react";
import { useState } from "react";
import type { FormEvent } from "react";
import { Button, Form } from "react-bootstrap";
import type { Totp } from "../api/types";
import { CodeField, digits } from "./CodeField";

/** Shows a new code generator's secret, and asks for its first code. */
export function AppSetup({
  totp,
  busy,
  action,
  onCode,
  onBack,
}: {
  totp: Totp;
  busy: boolean;
  action: string;
  onCode: (code: string) => void;
  onBack: () => void;
}) {
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onCode(digits(code));
  };
  return (
    <Form onSubmit={submit}>
      <p>Scan this with your authenticator app, then type the code that it shows.</p>
      <div className="qr">
        <QRCodeSVG value={totp.url} size={200} marginSize={2} title="QR code for the app" />
      </div>
      <details className="mb-3">
        <summary>Can't scan it?</summary>
        <p className="mt-2 mb-1">Type this key into the app:</p>
        <code className="key">{totp.secret.replace(/(.{4})(?=.)/g, "$1 ")}</code>
      </details>
      <CodeField id="first-code" value={code} onChange={setCode} />
      <Button type="submit" className="w-100" disabled={busy}>
        {busy ? "One moment…" : action}
      </Button>
      <div className="below">
        <Button variant="link" onClick={onBack} disabled={busy}>
          Back
        </Button>
      </div>
    </Form>
  );
}
