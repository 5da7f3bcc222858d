// Builds the web app for Maven: installs what package-lock.json names, checks types, runs the
// tests, and leaves the files for the Proxy's class path in target/classes. Each step is skipped
// when what it depends on is as it was the last time.
//
//   node scripts/build.mjs checked    everything
//   node scripts/build.mjs quick      only what the files need
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { typesOf } from "./types.mjs";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const OUT = join(ROOT, "target/classes/sallyport-web");
const TYPES = join(ROOT, "src/api/types.ts");
const NODE_MIN = [20, 19];

function fail(message) {
  console.error(`web: ${message}`);
  process.exit(1);
}

function requireNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < NODE_MIN[0] || (major === NODE_MIN[0] && minor < NODE_MIN[1])) {
    fail(`Node ${process.versions.node} is too old; install Node ${NODE_MIN.join(".")} or newer`);
  }
}

function files(folder, found = []) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules" && entry.name !== "target") files(path, found);
    } else {
      found.push(path);
    }
  }
  return found.sort();
}

function hash(paths) {
  const digest = createHash("sha256").update(process.version);
  for (const path of paths) {
    digest.update(relative(ROOT, path)).update("\0").update(readFileSync(path)).update("\0");
  }
  return digest.digest("hex");
}

function run(command, ...args) {
  const done = spawnSync(command, args, { cwd: ROOT, stdio: "inherit" });
  if (done.error) fail(`cannot run ${command}: ${done.error.message}`);
  if (done.status !== 0) fail(`${command} ${args.join(" ")} failed`);
}

function tool(name, ...args) {
  run(process.execPath, join(ROOT, "node_modules", name), ...args);
}

/// Does work unless it was done for the same inputs.
function once(stamp, key, work) {
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === key) return;
  rmSync(stamp, { force: true });
  work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
}

function checkTypes() {
  if (readFileSync(TYPES, "utf8") !== typesOf(readFileSync(join(ROOT, "openapi.json"), "utf8"))) {
    fail("src/api/types.ts is not what openapi.json says; run: node web/scripts/types.mjs");
  }
}

function listFiles() {
  const names = files(OUT).map((path) => relative(OUT, path).split(sep).join("/"));
  writeFileSync(join(OUT, "files.txt"), names.join("\n") + "\n");
}

requireNode();
const mode = process.argv[2] ?? "checked";
once(
  join(ROOT, "node_modules/.installed"),
  hash(["package.json", "package-lock.json", ".npmrc"].map((name) => join(ROOT, name))),
  () => run("npm", "ci", "--ignore-scripts", "--prefer-offline", "--no-progress"),
);
const sources = hash(files(ROOT));
checkTypes();
once(join(ROOT, "target/built"), sources, () => {
  tool("vite/bin/vite.js", "build", "--logLevel", "warn");
  listFiles();
});
if (mode !== "quick") {
  once(join(ROOT, "target/checked"), sources, () => {
    tool("typescript/bin/tsc", "--noEmit");
    tool("vitest/vitest.mjs", "run");
  });
}
