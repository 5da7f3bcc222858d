import { Navigate, useNavigate, useSearchParams } from "react-router";
import { call } from "../api/client";
import { MessageOfTheDay } from "../parts/MessageOfTheDay";
import { PlainFrame } from "../parts/Frame";
import { Loading } from "../parts/Loading";
import { ProofForm } from "../parts/ProofForm";
import { afterSignIn } from "../redirects";
import { useSession } from "../session";
import { ConsolePage } from "./ConsolePage";

/** Where one signs in; with `?console=…`, for a command-line tool. */
export function LoginPage() {
  const [query] = useSearchParams();
  const request = query.get("console");
  return request === null ? (
    <SignInPage wanted={query.get("redirect_uri")} />
  ) : (
    <ConsolePage id={request} />
  );
}

function SignInPage({ wanted }: { wanted: string | null }) {
  const { state, refresh } = useSession();
  const navigate = useNavigate();
  const next = afterSignIn(wanted).replace(/^\/web/, "") || "/";
  if (state.is === "unknown") return <Loading what="the page" />;
  if (state.is === "somebody") return <Navigate to={next} replace />;
  return (
    <PlainFrame title="Sign in">
      <MessageOfTheDay />
      <ProofForm
        action="Sign in"
        onProof={async (proof) => {
          await call("POST /v1/web/session", proof);
          await refresh();
          await navigate(next, { replace: true });
        }}
      />
    </PlainFrame>
  );
}
