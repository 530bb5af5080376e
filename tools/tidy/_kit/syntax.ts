import type { Node } from "oxc-parser";
import type { NodeOf } from "./source.ts";

export type ObjectLiteral = NodeOf<"ObjectExpression">;
export type Call = NodeOf<"CallExpression">;
export type Func = NodeOf<"ArrowFunctionExpression" | "FunctionDeclaration" | "FunctionExpression">;

/** Looks through `as const`, `satisfies`, `!` and brackets at the value itself. */
export const unwrap = (node: Node): Node =>
  node.type === "TSAsExpression" ||
  node.type === "TSSatisfiesExpression" ||
  node.type === "TSNonNullExpression" ||
  node.type === "ParenthesizedExpression"
    ? unwrap(node.expression)
    : node;

/** `a.b.c` and `a` as written, calls left out; undefined for what has no name. */
export const nameOf = (node: Node): string | undefined => {
  const bare = unwrap(node);
  if (bare.type === "Identifier") return bare.name;
  if (bare.type === "ThisExpression") return "this";
  if (bare.type !== "MemberExpression" || bare.computed || bare.property.type !== "Identifier")
    return undefined;
  const object = nameOf(bare.object);
  return object && `${object}.${bare.property.name}`;
};

export const callName = (call: Call): string | undefined => nameOf(call.callee);

export const lastName = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

/** The text of a string literal, or the last name of a reference: `"X"` and `StockRefusals.X` are both X. */
export const textOf = (node: Node): string | undefined => {
  const bare = unwrap(node);
  if (bare.type === "Literal" && typeof bare.value === "string") return bare.value;
  const name = nameOf(bare);
  return name && lastName(name);
};

export const stringsOf = (node: Node | undefined): string[] => {
  const list = node && unwrap(node);
  if (list?.type !== "ArrayExpression") return [];
  return list.elements.flatMap((element) => (element ? (textOf(element) ?? []) : []));
};

export const entriesOf = (object: ObjectLiteral): [string, NodeOf<"Property">][] =>
  object.properties.flatMap((property) => {
    if (property.type !== "Property" || property.computed) return [];
    const { key } = property;
    const name =
      key.type === "Identifier" ? key.name : key.type === "Literal" ? String(key.value) : undefined;
    return name === undefined ? [] : [[name, property]];
  });

export const field = (object: ObjectLiteral, name: string): Node | undefined =>
  entriesOf(object).find(([key]) => key === name)?.[1].value;

/** Every node that encloses this one, innermost first. */
export function* enclosing(node: Node): Generator<Node> {
  for (let parent = node.parent; parent; parent = parent.parent ?? undefined) yield parent;
}

export const isFunc = (node: Node): node is Func =>
  node.type === "ArrowFunctionExpression" ||
  node.type === "FunctionDeclaration" ||
  node.type === "FunctionExpression";

/** `ctx` as first parameter marks the body of an op or workflow: it is replayed, so it may not touch the world. */
export const takesCtx = (func: Func): boolean => {
  const first = func.params[0];
  return first?.type === "Identifier" && first.name === "ctx";
};

/** `ctx.run(...)`, whose callback runs once and may touch the world. */
export const isRun = (node: Node): node is Call =>
  node.type === "CallExpression" && callName(node) === "ctx.run";

export const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();

export const pascal = (name: string): string =>
  name.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());

export const camel = (name: string): string =>
  name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
