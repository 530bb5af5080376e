import type { Node } from "oxc-parser";
import type { Check, Finding, Tree } from "./_kit/check.ts";
import type { Source } from "./_kit/source.ts";
import { nameOf, unwrap } from "./_kit/syntax.ts";

/** What comes in is a strict object: a field that nobody knows is a mistake of the caller, not a thing to drop. */
export const check: Check = {
  id: "strict-inputs",
  why: "a misspelt optional field that is silently dropped is a wrong order that nobody notices",
  find: (tree) =>
    tree.pages().flatMap(({ source, components }) =>
      components.flatMap(({ name, ops }) =>
        ops.flatMap((op): Finding[] => {
          const loose = op.args[0] && looseIn(tree, source, op.args[0]);
          if (!loose) return [];
          return [
            {
              path: source.path,
              line: op.line,
              what: `the input of ${name}/${op.name} is ${loose}`,
              instead: "z.strictObject",
            },
          ];
        }),
      ),
    ),
};

const LOOSE = new Set(["z.object", "z.looseObject"]);
const UNIONS = new Set(["z.union", "z.discriminatedUnion", "z.intersection"]);

/** The loose object at the root of a schema, by the name it is made with; undefined when it is strict or not an object. */
const looseIn = (tree: Tree, source: Source, node: Node): string | undefined => {
  const bare = unwrap(node);
  if (bare.type === "Identifier") {
    const declared = declarationOf(tree, source, bare.name);
    return declared && looseIn(tree, declared.source, declared.init);
  }
  if (bare.type === "ArrayExpression") return firstLoose(tree, source, bare.elements);
  if (bare.type !== "CallExpression") return undefined;
  const maker = nameOf(bare.callee) ?? "";
  if (LOOSE.has(maker)) return maker;
  if (UNIONS.has(maker)) return firstLoose(tree, source, bare.arguments);
  const { callee } = bare;
  if (callee.type !== "MemberExpression" || maker.startsWith("z.")) return undefined;
  if (callee.property.type === "Identifier" && callee.property.name === "strict") return undefined;
  return looseIn(tree, source, callee.object);
};

const firstLoose = (tree: Tree, source: Source, nodes: readonly (Node | null)[]): string | undefined => {
  for (const node of nodes) {
    const loose = node && looseIn(tree, source, node);
    if (loose) return loose;
  }
  return undefined;
};

/** Where a schema of this name is declared: on the page itself, or on the one it is imported from. */
const declarationOf = (
  tree: Tree,
  source: Source,
  name: string,
): { source: Source; init: Node } | undefined => {
  const own = source.all("VariableDeclarator").find(({ id }) => id.type === "Identifier" && id.name === name);
  if (own?.init) return { source, init: own.init };
  const from = source
    .all("ImportDeclaration")
    .find(({ specifiers }) => specifiers.some((one) => one.local.name === name))?.source.value;
  const file = from?.split("/").at(-1)?.replace(/\.ts$/, "");
  const page = tree.code.find(
    ({ path }) => path !== source.path && path.startsWith("contracts/") && path.endsWith(`/${file}.ts`),
  );
  return page && declarationOf(tree, page, name);
};
