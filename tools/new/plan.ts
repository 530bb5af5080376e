/** What to write for `module shipping`, `component shipping/parcel`, `handler shipping/parcel/book`. */
import { camel, kebab, pascal } from "../tidy/_kit/syntax.ts";
import { hasEntry, namesIn, withComponent, withEntry, withImport } from "./grow.ts";
import * as templates from "./templates.ts";
import type { ComponentKind, VerbKind } from "./templates.ts";

export type Plan = { writes: readonly Write[]; next: readonly string[] };
export type Write = { path: string; text: string; isNew: boolean };
/** The text of a file that is there, or undefined. */
export type Read = (path: string) => string | undefined;

/** What the person can put right by typing something else. */
export class Refused extends Error {}

export const USAGE = `npm run new module shipping
npm run new component shipping/parcel             -- --workflow for one that runs once a key
npm run new handler shipping/parcel/book          -- --read, --op; a step unless you say so`;

export const planOf = (words: readonly string[], read: Read): Plan => {
  const flags = words.filter((word) => word.startsWith("--")).map((word) => word.slice(2));
  const [what = "", address = "", ...rest] = words.filter((word) => !word.startsWith("--"));
  const names = address.split("/").map(kebab);
  const makers: Readonly<Record<string, (request: Request) => Plan>> = { module, component, handler };
  const depth = Object.keys(makers).indexOf(what) + 1;
  const isNamed = names.length === depth && names.every((name) => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name));
  const maker = makers[what];
  if (!maker || !isNamed || rest.length > 0) throw new Refused(`I know these:\n\n${USAGE}`);
  return maker({ names, flags, read });
};

type Request = { names: readonly string[]; flags: readonly string[]; read: Read };

const module = ({ names: [name = ""], read }: Request): Plan => ({
  writes: [
    fresh(read, `modules/${name}/index.ts`, templates.board(name)),
    fresh(read, `modules/${name}/README.md`, templates.readme(name)),
    fresh(read, `db/${name}/tables.ts`, templates.tables(name)),
  ],
  next: [
    `npm run new component ${name}/<noun>: its first contract page, contracts/${name}/<noun>.ts`,
    `add ${name}: () => import("#modules/${name}/index.ts") to app/modules.ts`,
    `write db/${name}/tables.ts, then npm run migration ${name} and read the SQL`,
  ],
});

const component = ({ names: [module = "", name = ""], flags, read }: Request): Plan => {
  const boardPath = `modules/${module}/index.ts`;
  const board = existing(read, boardPath, `npm run new module ${module}`);
  const constant = pascal(name);
  const kind: ComponentKind = flags.includes("workflow") ? "workflow" : "service";
  const page = fresh(read, `contracts/${module}/${name}.ts`, templates.page(name, kind));
  const imported = withImport(board, constant, `@shopnexus/contracts/${module}/${name}`);
  const provided = withImport(imported, "provide", "#modules/_kit/board.ts");
  const bound = { path: boardPath, text: withComponent(provided, `provide(${constant}, {})`), isNew: false };
  const first = kind === "workflow" ? "run" : "<verb>";
  return {
    writes: [page, bound],
    next: [
      `write the words and refusals of ${page.path}; read it aloud`,
      `draw what ${constant} calls in tools/rooms.ts`,
      `npm run new handler ${module}/${name}/${first}`,
    ],
  };
};

const handler = ({ names: [module = "", component = "", verb = ""], flags, read }: Request): Plan => {
  const address = { module, component, verb };
  const made = `npm run new component ${module}/${component}`;
  const pagePath = `contracts/${module}/${component}.ts`;
  const boardPath = `modules/${module}/index.ts`;
  const page = existing(read, pagePath, made);
  const board = existing(read, boardPath, made);
  const kind = kindOf(page, verb, flags);
  const file = fresh(read, `modules/${module}/${component}/${verb}.ts`, templates.handler(address, kind));
  const grown = { path: pagePath, text: promised(page, { ...address, kind }), isNew: false };
  const bound = { path: boardPath, text: onBoard(board, address), isNew: false };
  return {
    writes: [grown, file, tested(read, address), bound].filter(({ path, text }) => read(path) !== text),
    next: [
      `write the promise of ${pascal(component)}/${camel(verb)} on ${pagePath}: words, bounds, refusals, undo`,
      `write ${file.path}; its decisions into rules.ts, with a test; SQL that two verbs share into rows.ts`,
      `turn its it.todo into tests, one sentence a promise`,
      "npm run check && npm test",
    ],
  };
};

const kindOf = (page: string, verb: string, flags: readonly string[]): VerbKind => {
  const isWorkflow = /=\s*workflow\(/.test(page);
  if (isWorkflow) return verb === "run" ? "run" : "op";
  if (flags.includes("read")) return "read";
  return flags.includes("op") ? "op" : "step";
};

type Promised = { module: string; component: string; verb: string; kind: VerbKind };

/** The contract page with the operation on it; as it was, when somebody has already written the promise. */
const promised = (page: string, { kind, ...address }: Promised): string => {
  const call = /=\s*workflow\(/.test(page) ? "workflow" : "service";
  const literal = { named: pascal(address.component), call };
  if (hasEntry(page, literal, camel(address.verb))) return page;
  const worded = withImport(withImport(page, "z", "zod"), kind, "../_kit/contract.ts");
  return withEntry(worded, literal, templates.operation(address, kind));
};

/** Two components may have the same verb: on the board the second one is imported by its whole name. */
const onBoard = (board: string, { component, verb }: Omit<Promised, "kind">): string => {
  const name = camel(verb);
  const isTaken = namesIn(board).includes(name) || templates.isReserved(verb);
  const local = isTaken ? templates.wholeName(component, verb) : name;
  const imported = withImport(board, isTaken ? `${name} as ${local}` : name, `./${component}/${verb}.ts`);
  const entry = isTaken ? `${name}: ${local},` : `${name},`;
  return withEntry(imported, { named: pascal(component), call: "provide" }, entry);
};

const tested = (read: Read, address: Omit<Promised, "kind">): Write => {
  const path = `modules/${address.module}/${address.component}/${address.component}.test.ts`;
  const old = read(path);
  if (old === undefined) return { path, text: templates.test(address), isNew: true };
  const text = withImport(old, "it", "vitest");
  return { path, text: `${text.trimEnd()}\n\n${templates.promise(address)}`, isNew: false };
};

const fresh = (read: Read, path: string, text: string): Write => {
  if (read(path) !== undefined)
    throw new Refused(`${path} is already there; I do not write over what somebody wrote.`);
  return { path, text, isNew: true };
};

const existing = (read: Read, path: string, first: string): string => {
  const text = read(path);
  if (text === undefined) throw new Refused(`${path} is not there yet. First: ${first}`);
  return text;
};
