/**
 * Writes the pairs of every saga into the README of its component, or of its module where that has none, between `<!-- pairs of Checkout -->` and `<!-- end -->`.
 *
 *     node tools/saga-table.ts              writes what is stale
 *     node tools/saga-table.ts --check      writes nothing, fails when a table is stale or missing
 *     node tools/saga-table.ts --json       one JSON object
 */
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { Node } from "oxc-parser";
import { childrenOf, type Source, sourceOf } from "./tidy/_kit/source.ts";
import { type Call, callName, field, nameOf, pascal, textOf, unwrap } from "./tidy/_kit/syntax.ts";

const ROOT = join(import.meta.dirname, "..");

/** A path to a text; undefined where there is no such file. */
type Read = (path: string) => string | undefined;
type Row = { name: string; does: string; undoes: string; note: string };

/** The pairs that a saga's file declares, in running order, as a table. */
export const pairsTable = (path: string, read: Read): string => {
  const source = sourceOf(path, read(path) ?? "");
  const rows = source.all("CallExpression").flatMap((call) => rowOf(source, call, read) ?? []);
  const lines = rows.map(
    ({ name, does, undoes, note }, at) => `| ${at + 1} | ${name} | ${does} | ${undoes} | ${note} |`,
  );
  return ["| # | pair | do | undo | note |", "|--:|---|---|---|---|", ...lines].join("\n");
};

const rowOf = (source: Source, call: Call, read: Read): Row | undefined => {
  const kind = callName(call);
  const [label, work] = call.arguments;
  if ((kind !== "pair" && kind !== "pivot") || label === undefined || work?.type !== "ObjectExpression")
    return undefined;
  const does = field(work, "do");
  const undo = field(work, "undo");
  const reason = undo && reasonOf(undo);
  return {
    name: textOf(label) ?? "",
    does: list(does ? callsOf(source, does, read) : []),
    undoes: undo === undefined || reason !== undefined ? "nothing" : list(callsOf(source, undo, read)),
    note:
      kind === "pivot" ? "**the pivot**: from here there is only forward" : (reason ?? noteOf(source, call)),
  };
};

/** The why of `nothing("why")`. */
const reasonOf = (undo: Node): string | undefined => {
  const bare = unwrap(undo);
  if (bare.type !== "CallExpression" || callName(bare) !== "nothing") return undefined;
  return textOf(bare.arguments[0] ?? bare) ?? "";
};

/** The comment that stands right above the declaration. */
const noteOf = (source: Source, call: Call): string => {
  const line = source.lineOf(call.start);
  const above = source.comments().find(({ end }) => source.lineOf(end) === line - 1);
  return above?.value.replaceAll(/^[\s*/]+|[\s*/]+$/g, "") ?? "";
};

/** `Charge/void`, in the order they are made: in the function itself, then in those of ours that it calls. */
const callsOf = (source: Source, node: Node, read: Read): string[] => {
  const calls = nodesOf(node).filter((one): one is Call => one.type === "CallExpression");
  const made = calls.flatMap((call) => addressOf(call) ?? []);
  const followed = calls.flatMap((call) => {
    const name = callName(call);
    const target = name === undefined ? undefined : functionOf(source, name, read);
    return target === undefined ? [] : callsOf(target.source, target.node, read);
  });
  return [...new Set([...made, ...followed])];
};

/** `call(ctx, Stock).reserve(input)` is Stock/reserve. */
const addressOf = ({ callee }: Call): string | undefined => {
  if (callee.type !== "MemberExpression" || callee.property.type !== "Identifier") return undefined;
  const { object } = callee;
  if (object.type !== "CallExpression" || callName(object) !== "call" || object.arguments[1] === undefined)
    return undefined;
  return `${nameOf(object.arguments[1]) ?? "?"}/${callee.property.name}`;
};

/** A function of that name in the same file, or in the file beside it that it is imported from. */
const functionOf = (source: Source, name: string, read: Read): { source: Source; node: Node } | undefined => {
  const here = source
    .all("VariableDeclarator")
    .find(
      ({ id, init }) =>
        id.type === "Identifier" && id.name === name && init?.type === "ArrowFunctionExpression",
    );
  if (here?.init) return { source, node: here.init };
  const from = source
    .all("ImportDeclaration")
    .find(({ specifiers }) => specifiers.some(({ local }) => local.name === name))?.source.value;
  if (from === undefined || !from.startsWith(".")) return undefined;
  const path = posix.join(posix.dirname(source.path), from);
  const text = read(path);
  return text === undefined ? undefined : functionOf(sourceOf(path, text), name, () => undefined);
};

const nodesOf = (node: Node): Node[] => [node, ...childrenOf(node).flatMap(nodesOf)];

const list = (addresses: readonly string[]): string => addresses.join(", ");

/** A README with the table put between its markers; undefined where it has none for this saga. */
export const withTable = (readme: string, saga: string, table: string): string | undefined => {
  const [begin, end] = [`<!-- pairs of ${saga} -->`, "<!-- end -->"];
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  return `${readme.slice(0, from)}${begin}\n${table}\n${readme.slice(to)}`;
};

type Place = { saga: string; readme: string; now: string; next: string | undefined };

/** The README of the component, where it has one; of its module otherwise. */
export const readmeOf = (path: string, read: Read): string => {
  const own = posix.join(posix.dirname(path), "README.md");
  return read(own) === undefined ? posix.join(posix.dirname(path), "../README.md") : own;
};

/** Every file of a component that declares pairs, with the README that shows them. */
const places = (): Place[] => {
  const read: Read = (path) => {
    const full = join(ROOT, path);
    return existsSync(full) ? readFileSync(full, "utf8") : undefined;
  };
  const isSaga = (path: string) => /\bpivot\("/.test(read(path) ?? "");
  const paths = globSync("modules/*/*/run.ts", { cwd: ROOT }).filter(isSaga);
  return paths.toSorted().map((path) => {
    const saga = pascal(posix.basename(dirname(path)));
    const readme = readmeOf(path, read);
    const now = read(readme) ?? "";
    return { saga, readme, now, next: withTable(now, saga, pairsTable(path, read)) };
  });
};

const main = (flags: readonly string[]): void => {
  const sagas = places();
  const missing = sagas.filter(({ next }) => next === undefined);
  const stale = sagas.filter(({ now, next }) => next !== undefined && next !== now);
  const isCheck = flags.includes("--check");
  if (!isCheck) for (const { readme, next } of stale) writeFileSync(join(ROOT, readme), next ?? "");
  // A check that saw nothing has checked nothing.
  const ok = sagas.length > 0 && missing.length === 0 && (!isCheck || stale.length === 0);
  const said = [
    ...missing.map(
      ({ saga, readme }) =>
        `missing  ${readme}: write <!-- pairs of ${saga} --> and <!-- end --> where its table belongs`,
    ),
    ...stale.map(({ readme }) =>
      isCheck ? `stale    ${readme}: write it with node tools/saga-table.ts` : `written  ${readme}`,
    ),
    `${sagas.length} ${sagas.length === 1 ? "saga" : "sagas"}${ok ? ", every table up to date. Next: commit what was written, if anything" : ""}`,
  ];
  console.log(flags.includes("--json") ? JSON.stringify({ ok, sagas: sagas.length, said }) : said.join("\n"));
  process.exitCode = ok ? 0 : 1;
};

if (import.meta.main) main(process.argv.slice(2));
