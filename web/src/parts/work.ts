import { useCallback, useState } from "react";
import { words } from "../api/client";

/** Work behind a button: whether it is under way, what went wrong, and how to begin it. */
export interface Work {
  busy: boolean;
  problems: string[];
  setProblems: (problems: string[]) => void;
  run: (work: () => Promise<void>) => Promise<void>;
}

/** @param onError takes an error; true if nothing needs to be shown */
export function useWork(onError?: (error: unknown) => boolean): Work {
  const [busy, setBusy] = useState(false);
  const [problems, setProblems] = useState<string[]>([]);
  const run = useCallback(
    async (work: () => Promise<void>) => {
      setBusy(true);
      setProblems([]);
      try {
        await work();
      } catch (error) {
        if (onError?.(error) !== true) setProblems([words(error)]);
      } finally {
        setBusy(false);
      }
    },
    [onError],
  );
  return { busy, problems, setProblems, run };
}
