// The kinds of second factors, as the API names them, in words.

interface Words {
  /** In a list of what is registered. */
  name: string;
  /** In a choice of what to register. */
  choice: string;
  /** What it is, in a sentence. */
  about: string;
}

const KINDS: Record<string, Words> = {
  totp: {
    name: "Authenticator app",
    choice: "Authenticator app",
    about: "An app on your phone shows a new code every 30 seconds.",
  },
  webauthn: {
    name: "Security key",
    choice: "Security key",
    about: "A key that you touch, besides your password.",
  },
  passkey: {
    name: "Passkey",
    choice: "Passkey",
    about: "Your device or key, which also signs you in without a password.",
  },
};

/** A kind in words; one that this page does not know yet by its own name. */
export function deviceWords(kind: string): Words {
  return KINDS[kind] ?? { name: kind, choice: kind, about: "" };
}
