import type { Node } from "oxc-parser";
import { at, type Check, type Finding, type Tree } from "./_kit/check.ts";
import { childrenOf, type Source } from "./_kit/source.ts";
import { type Call, callName, entriesOf } from "./_kit/syntax.ts";

/** The undo that a card names is an operation of the same page, and the one that a saga pairs it with. */
export const check: Check = {
  id: "undo",
  why: "a saga that unwinds into the wrong operation, or none, stops half way",
  find: (tree) => [...ofCards(tree), ...ofPairs(tree)],
};

const ofCards = (tree: Tree): Finding[] =>
  tree.pages().flatMap(({ source, components }) =>
    components.flatMap(({ name, ops }) =>
      ops
        .filter(({ undo }) => undo !== undefined && !ops.some((op) => op.name === undo))
        .map(({ name: op, undo, line }) => ({
          path: source.path,
          line,
          what: `${name}/${op} is undone by ${undo}, which ${name} does not have`,
          instead: `one of ${ops.map((one) => one.name).join(", ")}`,
        })),
    ),
  );

const ofPairs = (tree: Tree): Finding[] =>
  tree.code
    .filter(({ path, isTest }) => /^modules\/(?!_kit\/)/.test(path) && !isTest)
    .flatMap((source) =>
      source
        .all("CallExpression")
        .filter((node) => callName(node) === "pair")
        .flatMap((node) => ofPair(tree, source, node)),
    );

/** `pair("reserve", { do: … call(ctx, Stock).reserve …, undo: … call(ctx, Stock).release … })`. */
const ofPair = (tree: Tree, source: Source, node: Call): Finding[] => {
  const work = node.arguments[1];
  if (work?.type !== "ObjectExpression") return [];
  const parts = new Map(entriesOf(work).map(([name, { value }]) => [name, stepsIn(source, value)]));
  const undone = parts.get("undo") ?? [];
  return (parts.get("do") ?? []).flatMap((done) => {
    const undo = undoOf(tree, done);
    if (undo === undefined || undone.includes(undo)) return [];
    const what = `this pair does ${done} and does not undo it by ${undo}`;
    return [{ ...at(source, node), what, instead: `undo: … ${undo} …, or another undo on its card` }];
  });
};

/** The steps called inside, as `Stock/reserve`, also by way of functions of the same file. */
const stepsIn = (source: Source, node: Node, seen: readonly string[] = []): string[] => {
  const own = stepAt(node);
  const name = node.type === "CallExpression" ? callName(node) : undefined;
  const local = name === undefined || seen.includes(name) ? undefined : bodyOf(source, name);
  return [
    ...(own === undefined ? [] : [own]),
    ...(local && name ? stepsIn(source, local, [...seen, name]) : []),
    ...childrenOf(node).flatMap((child) => stepsIn(source, child, seen)),
  ];
};

const bodyOf = (source: Source, name: string): Node | undefined =>
  source.all("VariableDeclarator").find(({ id }) => id.type === "Identifier" && id.name === name)?.init ??
  undefined;

const stepAt = (node: Node): string | undefined => {
  if (node.type !== "MemberExpression" || node.property.type !== "Identifier") return undefined;
  const { object } = node;
  if (object.type !== "CallExpression" || callName(object) !== "call") return undefined;
  const component = object.arguments[1];
  return component?.type === "Identifier" ? `${component.name}/${node.property.name}` : undefined;
};

const undoOf = (tree: Tree, done: string): string | undefined => {
  const [constant, verb] = done.split("/");
  const component = tree
    .pages()
    .flatMap((page) => page.components)
    .find((one) => one.constant === constant);
  const undo = component?.ops.find((op) => op.name === verb)?.undo;
  return undo && `${constant}/${undo}`;
};
