import { expect, test } from "vitest";
import { faults } from "./passwords";

test("a password needs twelve characters, counted as people count", () => {
  expect(faults("", "")).toEqual(["Type a password."]);
  expect(faults("short", "short")).toEqual(["The password needs at least 12 characters."]);
  expect(faults("twelve chars", "twelve chars")).toEqual([]);
  expect(faults("😀".repeat(11), "😀".repeat(11))).toHaveLength(1);
  expect(faults("😀".repeat(12), "😀".repeat(12))).toEqual([]);
});

test("a password has at most 128 bytes, and is typed twice alike", () => {
  expect(faults("a".repeat(128), "a".repeat(128))).toEqual([]);
  expect(faults("é".repeat(65), "é".repeat(65))).toEqual([
    "The password may have at most 128 bytes.",
  ]);
  expect(faults("a long password", "a long passwort")).toEqual(["The two passwords differ."]);
});
