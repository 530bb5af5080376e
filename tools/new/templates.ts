/** What a new room, page or handler looks like on its first day. */
import { camel, pascal } from "../tidy/_kit/syntax.ts";

export type ComponentKind = "service" | "workflow";
export type VerbKind = "step" | "read" | "op" | "run";

export const board = (
  module: string,
): string => `/** The board of ${module}: what it is made of, and how Restate treats it. */
import { board } from "#modules/_kit/board.ts";

export default board("${module}", []);
`;

export const readme = (module: string): string => `# ${module}

One sentence: what the marketplace would lack without this module.

## Owns

| component | what it is |
|---|---|

## Words

## Keeps

What is true at any moment, and which constraint or rule sees to it.

## Decisions

| date | choice | why | cost |
|---|---|---|---|
`;

export const tables = (
  module: string,
): string => `/** What ${module} keeps. Tables in reading order; constraints are named for what they refuse. */
import { pgSchema } from "drizzle-orm/pg-core";

export const ${camel(module)} = pgSchema("${module}");
`;

export const page = (
  component: string,
  kind: ComponentKind,
): string => `/** One sentence: what a ${component.replaceAll("-", " ")} is, and what it is for. */
import { ${kind} } from "../_kit/contract.ts";

export const ${pascal(component)} = ${kind}("${pascal(component)}", {});
`;

type Address = { module: string; component: string; verb: string };

export const operation = ({ verb }: Address, kind: VerbKind): string => `
  /** Says in one sentence what ${camel(verb)} does.
   *  Takes    its words, with their units and bounds
   *  Gives    what is true afterwards
   *  Repeats  the same input: nothing changes */
  ${camel(verb)}: ${kind}(z.strictObject({}), z.object({}), { who: "module" }),`;

/** Words that JavaScript keeps for itself; a verb may still be one, as in authorize and void. */
const RESERVED = new Set([
  "case",
  "catch",
  "continue",
  "default",
  "delete",
  "export",
  "import",
  "new",
  "return",
  "void",
]);

/** What a handler is called where its verb alone cannot stand. */
export const wholeName = (component: string, verb: string): string => `${camel(verb)}${pascal(component)}`;
export const isReserved = (verb: string): boolean => RESERVED.has(camel(verb));

export const handler = ({ module, component, verb }: Address, kind: VerbKind): string => {
  const type = kind === "step" || kind === "read" ? "Step" : "Handler";
  const parameters = type === "Step" ? "_input, _scene" : "_ctx, _input, _scene";
  const name = isReserved(verb) ? wholeName(component, verb) : camel(verb);
  const head = isReserved(verb) ? `export { ${name} as ${camel(verb)} };\n\nconst` : "export const";
  return `import type { ${pascal(component)} } from "@shopnexus/contracts/${module}/${component}";
import { Bug } from "#modules/_kit/assert.ts";
import type { ${type} } from "#modules/_kit/handler.ts";

${head} ${name}: ${type}<typeof ${pascal(component)}, "${camel(verb)}"> = async (${parameters}) => {
  throw new Bug("${pascal(component)}/${camel(verb)} is not written yet");
};
`;
};

export const promise = ({ component, verb }: Address): string =>
  `it.todo("${pascal(component)}/${camel(verb)}: says one promise of its contract line"); // comes with the handler\n`;

export const test = (address: Address): string => `import { it } from "vitest";\n\n${promise(address)}`;
