import { createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { Refusal, call } from "./api/client";
import type { SessionView } from "./api/types";

/** What is known of who is signed in. */
export type SessionState =
  | { is: "unknown" }
  | { is: "nobody" }
  | { is: "somebody"; session: SessionView };

interface SessionHandle {
  state: SessionState;
  /** Asks the server anew. */
  refresh: () => Promise<void>;
  /** Ends the session on the server. */
  signOut: () => Promise<void>;
  /** Takes note of an error; true if it says that nobody is signed in any more. */
  ended: (error: unknown) => boolean;
}

const Session = createContext<SessionHandle | undefined>(undefined);

export function useSession(): SessionHandle {
  const handle = useContext(Session);
  if (handle === undefined) throw new Error("no session around this");
  return handle;
}

/** The signed-in user, on pages for such. */
export function useUser(): SessionView {
  const { state } = useSession();
  if (state.is !== "somebody") throw new Error("this page is for who is signed in");
  return state.session;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<SessionState>({ is: "unknown" });
  const refresh = useCallback(async () => {
    try {
      setState({ is: "somebody", session: await call("GET /v1/web/session") });
    } catch {
      setState({ is: "nobody" });
    }
  }, []);
  const signOut = useCallback(async () => {
    await call("DELETE /v1/web/session");
    setState({ is: "nobody" });
  }, []);
  const ended = useCallback((error: unknown) => {
    const over = error instanceof Refusal && error.notSignedIn;
    if (over) setState({ is: "nobody" });
    return over;
  }, []);
  useEffect(() => void refresh(), [refresh]);
  const handle = useMemo(
    () => ({ state, refresh, signOut, ended }),
    [state, refresh, signOut, ended],
  );
  return <Session value={handle}>{children}</Session>;
}
