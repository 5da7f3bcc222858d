import { beforeAll, expect, test } from "vitest";
import { afterSignIn, isLoopback } from "./redirects";

beforeAll(() => {
  Object.assign(globalThis, { window: { location: { origin: "https://p.example:3080" } } });
});

test.each([
  ["/web/account", "/web/account"],
  ["/web", "/web"],
  ["/web/account?x=1", "/web/account?x=1"],
])("after a sign-in one goes on to %s", (wanted, there) => {
  expect(afterSignIn(wanted)).toBe(there);
});

test.each([
  [null],
  [""],
  ["https://evil.example/web"],
  ["//evil.example/web"],
  ["/\\evil.example/web"],
  ["\\\\evil.example"],
  ["javascript:alert(1)"],
  ["/web/../../evil"],
  ["/web/..//evil.example"],
  ["/webapi/ping"],
  ["/website"],
  ["web/account"],
  ["/web@evil.example"],
  [" /web/account"],
  ["/web/login?console=1"],
  ["https://p.example:3080/web/account"],
  ["https://p.example:3080@evil.example/web"],
])("but never to %s", (wanted) => {
  expect(afterSignIn(wanted)).toBe("/web");
});

test("a tool's port is on this machine", () => {
  expect(isLoopback("http://127.0.0.1:4711/callback?response=x")).toBe(true);
  for (const other of [
    "https://127.0.0.1:4711/",
    "http://127.0.0.1/",
    "http://127.0.0.1.evil.example:80/",
    "http://localhost:4711/",
    "http://user@127.0.0.1:4711/",
    "http://127.0.0.1:4711@evil.example/",
    "javascript://127.0.0.1:1/%0aalert(1)",
    "",
  ]) {
    expect(isLoopback(other), other).toBe(false);
  }
});
