import { allowed, CALLS, circle, type Edges } from "../rooms.ts";
import { at, type Check, type Finding, type Tree } from "./_kit/check.ts";
import type { Component, Op } from "./_kit/page.ts";
import type { Source } from "./_kit/source.ts";
import { type Call, callName, kebab } from "./_kit/syntax.ts";

/** Holds every call between components to the drawn edges, and the drawn waits to having no circle. */
export const check: Check = {
  id: "calls",
  why: "a call nobody drew is a dependency nobody decided on",
  find: (tree) => [...drawn(CALLS), ...made(tree)],
};

/** The ways to reach a component, and where in the arguments it stands. */
const WAYS: Readonly<Record<string, { kind: keyof Edges; argument: number }>> = {
  call: { kind: "steps", argument: 1 },
  ask: { kind: "steps", argument: 0 },
  peer: { kind: "waits", argument: 1 },
  send: { kind: "sends", argument: 1 },
  "ctx.client": { kind: "waits", argument: 0 },
  "ctx.sendClient": { kind: "sends", argument: 0 },
};

export const drawn = (calls: Readonly<Record<string, Edges>>): Finding[] => {
  const found = circle(calls);
  if (!found) return [];
  const what = `components wait for each other: ${found.join(" → ")}`;
  const why = "Restate runs one exclusive handler a key at a time, so each would wait for the other for ever";
  return [{ path: "tools/rooms.ts", line: 1, what, instead: "one of them as a send, or as a step", why }];
};

const made = (tree: Tree): Finding[] => {
  const components = new Map(
    tree.pages().flatMap((page) => page.components.map((one) => [one.constant, one])),
  );
  const byFolder = new Map(
    tree
      .pages()
      .flatMap((page) => page.components.map((one) => [`${page.module}/${kebab(one.name)}`, one.name])),
  );
  return tree.code
    .filter((source) => !source.isTest)
    .flatMap((source) => {
      const folder = /^modules\/([^/]+\/[^/]+)\//.exec(source.path)?.[1];
      const caller = folder && byFolder.get(folder);
      return caller ? callsOf(source, components).flatMap((call) => judge(source, caller, call) ?? []) : [];
    });
};

type Made = { node: Call; callee: string; kind: keyof Edges };

const callsOf = (source: Source, components: ReadonlyMap<string, Component>): Made[] =>
  source.all("CallExpression").flatMap((node) => {
    const name = callName(node);
    const way = name === undefined ? undefined : WAYS[name];
    const target = way && node.arguments[way.argument];
    const component = target?.type === "Identifier" ? components.get(target.name) : undefined;
    if (!way || !component) return [];
    const kind =
      way.kind === "waits" && isShared(component, opCalled(node, component)) ? "signals" : way.kind;
    return [{ node, callee: component.name, kind }];
  });

/** `ctx.client(Checkout, id).paid(…)`: the operation of the page, when it is called on the spot. */
const opCalled = (node: Call, component: Component): Op | undefined => {
  const member = node.parent;
  if (member?.type !== "MemberExpression" || member.property.type !== "Identifier") return undefined;
  const { name } = member.property;
  return component.ops.find((op) => op.name === name);
};

const isShared = (component: Component, op: Op | undefined): boolean =>
  op !== undefined && component.kind !== "service" && op.kind !== "run" && op.name !== "run";

const judge = (source: Source, caller: string, { node, callee, kind }: Made): Finding | undefined => {
  const kinds = allowed(caller, callee);
  if (kinds.includes(kind) || (kind === "signals" && kinds.includes("waits"))) return undefined;
  const what = `${caller} reaches ${callee} (${kind}), which tools/rooms.ts does not draw`;
  const instead = kinds.length > 0 ? `it as ${kinds.join(" or ")}` : `the edge into CALLS first, or no call`;
  return { ...at(source, node), what, instead };
};
