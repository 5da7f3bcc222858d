import { expect, test } from "vitest";
import { creationOptions, decode, encode, explained, requestOptions } from "./webauthn";

test("base64url goes both ways, padded or not", () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
    expect([...new Uint8Array(decode(encode(bytes.buffer)))]).toEqual([...bytes]);
    expect(encode(bytes.buffer)).toMatch(/^[A-Za-z0-9_-]*$/);
  }
  expect(new Uint8Array(decode("_-8="))).toEqual(Uint8Array.of(255, 239));
});

test("what a browser takes as bytes becomes bytes, the rest stays", () => {
  const made = creationOptions({
    rp: { id: "p.example", name: "c" },
    challenge: "AQI",
    user: { id: "Aw", name: "alice", displayName: "alice" },
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    excludeCredentials: [{ type: "public-key", id: "BA" }],
  });
  expect(new Uint8Array(made.challenge as ArrayBuffer)).toEqual(Uint8Array.of(1, 2));
  expect(new Uint8Array(made.user.id as ArrayBuffer)).toEqual(Uint8Array.of(3));
  expect(made.rp.id).toBe("p.example");
  expect(made.excludeCredentials?.[0]?.type).toBe("public-key");
  const asked = requestOptions({ challenge: "AQI", rpId: "p.example" });
  expect(asked.allowCredentials).toEqual([]);
  expect(asked.rpId).toBe("p.example");
});

test("a browser's refusal is told in words", () => {
  expect(explained(new DOMException("x", "NotAllowedError"))).toContain("did not answer");
  expect(explained(new DOMException("x", "InvalidStateError"))).toContain("already");
  expect(explained(new Error("other"))).toBe("other");
});
