// Makes src/api/types.ts from openapi.json. The build fails when the two differ.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const HEAD = `// Made from openapi.json by scripts/types.mjs; not to be edited.
`;

function named(reference) {
  return reference.slice(reference.lastIndexOf("/") + 1);
}

function typeOf(schema) {
  if (schema.$ref) return named(schema.$ref);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  switch (schema.type) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
    case "integer":
      return "number";
    case "array":
      return `${typeOf(schema.items)}[]`;
    case "object":
      return typeof schema.additionalProperties === "object"
        ? `Record<string, ${typeOf(schema.additionalProperties)}>`
        : "object";
    default:
      throw new Error(`no type for ${JSON.stringify(schema)}`);
  }
}

function recordOf(name, schema) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties).map(
    ([field, type]) => `  ${field}${required.has(field) ? "" : "?"}: ${typeOf(type)};\n`,
  );
  if (fields.length === 0) return `export type ${name} = Record<string, never>;\n`;
  return `export interface ${name} {\n${fields.join("")}}\n`;
}

function bodyOf(holder) {
  const schema = holder?.content?.["application/json"]?.schema;
  return schema ? typeOf(schema) : "undefined";
}

function operationsOf(paths) {
  const lines = [];
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const answer = operation.responses["200"];
      lines.push(
        `  "${method.toUpperCase()} ${path}": {` +
          ` asks: ${bodyOf(operation.requestBody)}; answers: ${bodyOf(answer)} };\n`,
      );
    }
  }
  return `/** Each operation, with what it asks for and what it answers. */
export interface Operations {\n${lines.join("")}}\n`;
}

/** The TypeScript of an OpenAPI document. */
export function typesOf(text) {
  const document = JSON.parse(text);
  const records = Object.entries(document.components.schemas).map(([name, schema]) =>
    recordOf(name, schema),
  );
  return [HEAD, ...records, operationsOf(document.paths)].join("\n");
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  const types = typesOf(readFileSync(join(root, "openapi.json"), "utf8"));
  writeFileSync(join(root, "src/api/types.ts"), types);
}
