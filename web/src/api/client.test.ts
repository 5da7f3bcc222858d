import { afterEach, expect, test, vi } from "vitest";
import { Refusal, call, refusal, sentence } from "./client";

afterEach(() => vi.unstubAllGlobals());

function answering(status: number, body: string) {
  const asked = vi.fn(() => Promise.resolve(new Response(body === "" ? null : body, { status })));
  vi.stubGlobal("fetch", asked);
  return asked;
}

test("what changes something says that it is a page of this site", async () => {
  const asked = answering(204, "");
  await call("DELETE /v1/web/session");
  const [path, init] = asked.mock.calls[0] as unknown as [string, RequestInit];
  expect(path).toBe("/v1/web/session");
  expect(init.method).toBe("DELETE");
  expect(init.headers).toMatchObject({ "Sallyport-Request": "web" });
  expect(init.redirect).toBe("error");
});

test("what only reads does not, and gives the answer", async () => {
  const asked = answering(200, '{"user":"alice","roles":[],"ends":"x","ends_at_latest":"y"}');
  expect((await call("GET /v1/web/session")).user).toBe("alice");
  const [, init] = asked.mock.calls[0] as unknown as [string, RequestInit];
  expect(init.headers).not.toHaveProperty("Sallyport-Request");
});

test("refusals keep their words, as sentences", async () => {
  answering(403, '{"error":{"kind":"AccessDenied","message":"invalid username or password"}}');
  await expect(call("GET /v1/web/session")).rejects.toThrow("Invalid username or password.");
  expect(refusal(401, '{"error":{"kind":"AccessDenied","message":"x"}}').notSignedIn).toBe(true);
  expect(refusal(404, '{"error":{"kind":"NotFound","message":"x"}}').gone).toBe(true);
  expect(refusal(502, "<html>").message).toBe("The server answered with status 502.");
  expect(sentence("why?")).toBe("Why?");
});

test("a server that can't be reached is a refusal too", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
  await expect(call("GET /v1/web/session")).rejects.toBeInstanceOf(Refusal);
});
