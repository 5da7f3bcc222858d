import { expect, test } from "vitest";
import { signIn, tunnel, word } from "./shell";

test("any text is one word of the shell", () => {
  expect(word("alice@example.com")).toBe("alice@example.com");
  expect(word("proxy.example.com:443")).toBe("proxy.example.com:443");
  expect(word("a b")).toBe("'a b'");
  expect(word("x'; rm -rf ~ #")).toBe("'x'\\''; rm -rf ~ #'");
  expect(word("$(id)")).toBe("'$(id)'");
  expect(word("")).toBe("''");
});

test("commands quote what they are given", () => {
  expect(signIn("p:443", "alice")).toBe("tsh login --proxy=p:443 --user=alice");
  expect(tunnel("my db", "role/Reader")).toBe(
    "tsh proxy db --tunnel --port 8000 --db-user=role/Reader 'my db'",
  );
});
