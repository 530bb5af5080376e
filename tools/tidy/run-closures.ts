import type { Node } from "oxc-parser";
import { at, type Check, type Finding } from "./_kit/check.ts";
import { childrenOf, type Source } from "./_kit/source.ts";
import { type Call, isFunc, isRun, lastName, nameOf, unwrap } from "./_kit/syntax.ts";

/** A local `ctx.run("priceOf", () => priceOf(…))` is one named function that knows nothing of `ctx`. */
export const check: Check = {
  id: "run-closures",
  why: "what runs inside is journaled as one fact, under the name that a person reads in the trace",
  find: ({ code }) =>
    code
      .filter(({ path, isTest }) => /^modules\/(?!_kit\/)/.test(path) && !isTest)
      .flatMap((source) =>
        source
          .all("CallExpression")
          .filter(isRun)
          .flatMap((call) => ofRun(source, call)),
      ),
};

const ofRun = (source: Source, call: Call): Finding[] => {
  const [label, closure] = call.arguments;
  if (!label || !closure) return [];
  return [...mentions(source, closure), ...labelled(source, label, closure)];
};

const mentions = (source: Source, closure: Node): Finding[] => {
  const named = find(closure, (node) => node.type === "Identifier" && node.name === "ctx");
  if (!named) return [];
  const why = "inside a run, ctx would write to the journal while the journal waits for the run";
  return [
    {
      ...at(source, named),
      what: "ctx inside ctx.run",
      instead: "values taken from ctx before the run",
      why,
    },
  ];
};

const labelled = (source: Source, label: Node, closure: Node): Finding[] => {
  const text = label.type === "Literal" ? String(label.value) : undefined;
  const inner = innerName(closure);
  const place = at(source, label);
  if (inner === undefined) {
    const instead = `() => ${text ?? "name"}(…), with the work in a function of that name below`;
    return [{ ...place, what: "a run without a named function inside", instead }];
  }
  if (text === undefined || text === inner || text === lastName(inner)) return [];
  return [{ ...place, what: `the run "${text}" calls ${inner}`, instead: `"${lastName(inner)}"` }];
};

/** The function that the closure is, or the one it does nothing but call. */
const innerName = (closure: Node): string | undefined => {
  const bare = unwrap(closure);
  if (!isFunc(bare)) return nameOf(bare);
  let body = bare.body && unwrap(bare.body);
  if (body?.type === "AwaitExpression") body = unwrap(body.argument);
  return body?.type === "CallExpression" ? nameOf(body.callee) : undefined;
};

const find = (node: Node, test: (node: Node) => boolean): Node | undefined => {
  if (test(node)) return node;
  for (const child of childrenOf(node)) {
    const found = find(child, test);
    if (found) return found;
  }
  return undefined;
};
