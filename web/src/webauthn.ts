// Security keys and passkeys: the JSON forms of the WebAuthn Level 3 specification (5.1.8 to
// 5.1.10), written out, since not every browser in use has them built in.

/** Bytes as base64url without padding. */
export function encode(bytes: ArrayBuffer): string {
  let binary = "";
  for (const byte of new Uint8Array(bytes)) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The bytes of base64url, padded or not. */
export function decode(text: string): ArrayBuffer {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/").replaceAll("=", ""));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes.buffer;
}

interface DescriptorJson {
  id: string;
  type: PublicKeyCredentialType;
  transports?: AuthenticatorTransport[];
}

interface CreationJson {
  challenge: string;
  user: { id: string; name: string; displayName: string };
  excludeCredentials?: DescriptorJson[];
}

interface RequestJson {
  challenge: string;
  allowCredentials?: DescriptorJson[];
}

function descriptors(list: DescriptorJson[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((one) => ({ ...one, id: decode(one.id) }));
}

/** The options of a registration from their JSON. */
export function creationOptions(json: object): PublicKeyCredentialCreationOptions {
  const options = json as CreationJson;
  return {
    ...(options as unknown as PublicKeyCredentialCreationOptions),
    challenge: decode(options.challenge),
    user: { ...options.user, id: decode(options.user.id) },
    excludeCredentials: descriptors(options.excludeCredentials),
  };
}

/** The options of a sign-in from their JSON. */
export function requestOptions(json: object): PublicKeyCredentialRequestOptions {
  const options = json as RequestJson;
  return {
    ...(options as unknown as PublicKeyCredentialRequestOptions),
    challenge: decode(options.challenge),
    allowCredentials: descriptors(options.allowCredentials),
  };
}

/** A new credential as JSON. */
export function registrationJson(credential: PublicKeyCredential): object {
  const response = credential.response as AuthenticatorAttestationResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      attestationObject: encode(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

/** An answer to a challenge as JSON. */
export function assertionJson(credential: PublicKeyCredential): object {
  const response = credential.response as AuthenticatorAssertionResponse;
  return {
    ...common(credential),
    response: {
      clientDataJSON: encode(response.clientDataJSON),
      authenticatorData: encode(response.authenticatorData),
      signature: encode(response.signature),
      ...(response.userHandle ? { userHandle: encode(response.userHandle) } : {}),
    },
  };
}

function common(credential: PublicKeyCredential): object {
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

/** Whether this browser knows keys at all. */
export function keysKnown(): boolean {
  return typeof window !== "undefined" && "PublicKeyCredential" in window;
}

/** Registers a key, and gives its answer. */
export async function register(options: object): Promise<object> {
  const made = await asked(() =>
    navigator.credentials.create({ publicKey: creationOptions(options) }),
  );
  return registrationJson(made);
}

/** Has a key answer. */
export async function answer(options: object): Promise<object> {
  const got = await asked(() => navigator.credentials.get({ publicKey: requestOptions(options) }));
  return assertionJson(got);
}

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!keysKnown()) throw new Error("This browser can't use security keys or passkeys.");
  let credential: Credential | null;
  try {
    credential = await ask();
  } catch (error) {
    throw new Error(explained(error));
  }
  if (credential === null) throw new Error("No security key answered.");
  return credential as PublicKeyCredential;
}

/** What a browser's refusal means, for the user. */
export function explained(error: unknown): string {
  const name = error instanceof DOMException ? error.name : "";
  switch (name) {
    case "NotAllowedError":
      return "The security key did not answer, or you cancelled. Try again.";
    case "InvalidStateError":
      return "This key is registered already. Use another one.";
    case "SecurityError":
      return "This address is not the one that keys are registered for. Open the cluster's own.";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
