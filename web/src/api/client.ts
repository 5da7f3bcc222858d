import type { Operations } from "./types";

/** A refusal of the server, in words for the user. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly kind: string,
    message: string,
  ) {
    super(message);
    this.name = "Refusal";
  }

  /** Nobody is signed in (any more). */
  get notSignedIn(): boolean {
    return this.status === 401;
  }

  /** What was asked for is not there (any more). */
  get gone(): boolean {
    return this.kind === "NotFound";
  }
}

type Name = keyof Operations;
type Asks<N extends Name> = Operations[N]["asks"];
type Answers<N extends Name> = Operations[N]["answers"];

/** Does an operation of the API. Throws a Refusal, whatever went wrong. */
export async function call<N extends Name>(
  operation: N,
  ...[body]: Asks<N> extends undefined ? [] : [Asks<N>]
): Promise<Answers<N>> {
  const [method = "GET", path = "/"] = operation.split(" ");
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["Sallyport-Request"] = "web";
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      redirect: "error",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    text = await response.text();
  } catch {
    throw new Refusal(0, "Unavailable", "The server can't be reached. Check your connection.");
  }
  if (!response.ok) throw refusal(response.status, text);
  return (text === "" ? undefined : JSON.parse(text)) as Answers<N>;
}

/** The refusal in an answer, sentence case, with a stand-in for one that can't be read. */
export function refusal(status: number, text: string): Refusal {
  try {
    const { error } = JSON.parse(text) as { error: { kind: string; message: string } };
    return new Refusal(status, error.kind, sentence(error.message));
  } catch {
    return new Refusal(status, "Internal", `The server answered with status ${status}.`);
  }
}

/** A message of the API as a sentence. */
export function sentence(message: string): string {
  if (message === "") return message;
  const begun = message.charAt(0).toUpperCase() + message.slice(1);
  return /[.!?)]$/.test(begun) ? begun : `${begun}.`;
}

/** Any error as words for the user. */
export function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
