import type { Node } from "oxc-parser";
import { at, type Check, type Finding } from "./_kit/check.ts";
import type { Source } from "./_kit/source.ts";
import { callName, enclosing, isFunc, isRun, nameOf, takesCtx } from "./_kit/syntax.ts";

/** Calls and constructs that have a better form here. */
export const check: Check = {
  id: "banned",
  why: "the house has one form for this",
  find: ({ code }) =>
    code.flatMap((source) => [
      ...inHandlers(source),
      ...combined(source),
      ...constructs(source),
      ...outside(source),
    ]),
};

type Ban = { instead: string; why: string };

const CLOCK: Ban = { instead: "await ctx.date.now()", why: "a replay must see the first clock" };
const DICE: Ban = { instead: "ctx.rand", why: "a replay must throw the first dice" };
const WORLD: Ban = {
  instead: "a step, or a named function inside ctx.run",
  why: "a replay would do it again",
};
const TIMER: Ban = {
  instead: "ctx.sleep(…)",
  why: "a timer of this process dies with it; Restate's does not",
};

const CALLS: Readonly<Record<string, Ban>> = {
  "Date.now": CLOCK,
  "performance.now": CLOCK,
  "Math.random": DICE,
  "crypto.randomUUID": DICE,
  "crypto.getRandomValues": DICE,
  randomUUID: DICE,
  randomBytes: DICE,
  freshId: DICE,
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  fetch: WORLD,
};

/** What the body of an op or workflow, told by its `ctx`, may not touch outside a run. Steps may. */
const inHandlers = (source: Source): Finding[] => {
  if (!isProduct(source)) return [];
  return source.all("CallExpression", "NewExpression").flatMap((node) => {
    const ban =
      node.type === "CallExpression" ? CALLS[callName(node) ?? ""] : isNow(node) ? CLOCK : undefined;
    if (!ban || !isReplayed(node)) return [];
    const name = nameOf(node.callee) ?? "";
    const what = `${node.type === "NewExpression" ? "new " : ""}${name}() in a function that takes ctx`;
    return [{ ...at(source, node), what, ...ban }];
  });
};

const isProduct = ({ path, isTest }: Source): boolean => path.startsWith("modules/") && !isTest;

const isNow = (node: Node): boolean =>
  node.type === "NewExpression" && nameOf(node.callee) === "Date" && node.arguments.length === 0;

const isReplayed = (node: Node): boolean => {
  for (const parent of enclosing(node)) {
    if (isRun(parent)) return false;
    if (isFunc(parent) && takesCtx(parent)) return true;
  }
  return false;
};

const COMBINATORS = new Set(["Promise.all", "Promise.race", "Promise.any", "Promise.allSettled"]);

/** `Promise.all` and `.then` are for promises of Node; over promises of Restate they lose the journal's order. */
const combined = (source: Source): Finding[] => {
  if (!isProduct(source) || !source.all("Identifier").some(({ name }) => name === "ctx")) return [];
  return source.all("CallExpression").flatMap((node): Finding[] => {
    const name = callName(node) ?? "";
    const place = at(source, node);
    if (COMBINATORS.has(name)) {
      const instead = `RestatePromise${name.slice("Promise".length)}, or one call that takes a list`;
      return [
        {
          ...place,
          what: `${name} in a file that uses ctx`,
          instead,
          why: "its order is not in the journal",
        },
      ];
    }
    const isThen = node.callee.type === "MemberExpression" && nameOfProperty(node.callee) === "then";
    return isThen
      ? [
          {
            ...place,
            what: ".then( in a file that uses ctx",
            instead: "await",
            why: "its order is not in the journal",
          },
        ]
      : [];
  });
};

const nameOfProperty = (node: Node): string | undefined =>
  node.type === "MemberExpression" && node.property.type === "Identifier" ? node.property.name : undefined;

const constructs = (source: Source): Finding[] => [
  ...source.all("ExportAllDeclaration").map((node) => ({
    ...at(source, node),
    what: "export *",
    instead: "imports from the file itself",
    why: "a barrel hides where a thing lives",
  })),
  ...source.all("TSEnumDeclaration").map((node) => ({
    ...at(source, node),
    what: "enum",
    instead: "a union of strings, or an object as const",
    why: "Node runs our types by erasing them",
  })),
  ...source
    .all("TSModuleDeclaration")
    .filter((node) => !node.declare)
    .map((node) => ({
      ...at(source, node),
      what: "namespace",
      instead: "a file",
      why: "Node runs our types by erasing them",
    })),
];

const outside = (source: Source): Finding[] =>
  source.all("MemberExpression").flatMap((node): Finding[] => {
    const name = nameOf(node) ?? "";
    const isConsole = name.startsWith("console.") && !/^(tools|app)\//.test(source.path) && !source.isTest;
    if (isConsole) {
      return [
        {
          ...at(source, node),
          what: name,
          instead: "the log of the kit",
          why: "a line without its invocation cannot be found again",
        },
      ];
    }
    const isEnv = name === "process.env" && !isSettings(source) && !isHandedDown(node);
    return isEnv
      ? [
          {
            ...at(source, node),
            what: name,
            instead: "readConfig(process.env) once, and fields of it",
            why: "what a deployment may set is on one page",
          },
        ]
      : [];
  });

const isSettings = ({ path, isTest }: Source): boolean =>
  path === "app/config.ts" || path.startsWith("tools/") || path.endsWith(".config.ts") || isTest;

/** `readConfig(process.env)`: the one page reads it, and says what may stand in it. */
const isHandedDown = ({ parent }: Node): boolean =>
  parent?.type === "CallExpression" && callName(parent) === "readConfig";
