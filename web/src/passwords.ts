// What a new password must be, so that the page can say it before the server does. The server
// decides.

export const CHARACTERS_MIN = 12;
export const BYTES_MAX = 128;

/** What is wrong with a password that was typed twice; empty when nothing is. */
export function faults(password: string, again: string): string[] {
  if (password === "") return ["Type a password."];
  const found: string[] = [];
  if ([...password].length < CHARACTERS_MIN) {
    found.push(`The password needs at least ${CHARACTERS_MIN} characters.`);
  }
  if (new TextEncoder().encode(password).length > BYTES_MAX) {
    found.push(`The password may have at most ${BYTES_MAX} bytes.`);
  }
  if (password !== again) found.push("The two passwords differ.");
  return found;
}
