import { posix } from "node:path";
import type { Check, Finding, Tree } from "./_kit/check.ts";
import type { Component, Op, Page } from "./_kit/page.ts";
import { MODULE_LOADER, PORTS } from "../rooms.ts";
import type { Source } from "./_kit/source.ts";
import { camel, kebab } from "./_kit/syntax.ts";

/** `Stock/reserve` is one line of `contracts/inventory/stock.ts` and one file, `modules/inventory/stock/reserve.ts`. */
export const check: Check = {
  id: "mirror",
  why: "the address in a trace must be the address in the tree, both ways",
  find: (tree) => [
    ...tree.pages().flatMap((page) => page.components.flatMap((one) => ofComponent(tree, page, one))),
    ...tree.code.flatMap((source) => [
      ...ofBoard(tree, source),
      ...ofFile(tree, source),
      ...ofFolder(source),
    ]),
  ],
};

const ofComponent = (tree: Tree, page: Page, component: Component): Finding[] => [
  ...pageName(page, component),
  ...component.ops.flatMap((op) => ofOp(tree, { page, component, op })),
  ...onBoard(tree, page, component),
];

const pageName = ({ source, module }: Page, { name, line }: Component): Finding[] => {
  const home = `contracts/${module}/${kebab(name)}.ts`;
  if (source.path === home) return [];
  return [
    {
      path: source.path,
      line,
      what: `${name} is promised on a page of another name`,
      instead: `it in ${home}`,
    },
  ];
};

type Address = { page: Page; component: Component; op: Op };

const ofOp = (tree: Tree, { page, component, op }: Address): Finding[] => {
  const path = `modules/${page.module}/${kebab(component.name)}/${kebab(op.name)}.ts`;
  const place = { path: page.source.path, line: op.line };
  const verb = tree.get(path);
  if (!verb) return [{ ...place, what: `${component.name}/${op.name} has no handler`, instead: path }];
  if (exportsOf(verb).includes(op.name)) return [];
  return [{ path, line: 1, what: `${path} does not export ${op.name}`, instead: `export const ${op.name}` }];
};

const onBoard = (tree: Tree, page: Page, { name, constant, line }: Component): Finding[] => {
  const path = `modules/${page.module}/index.ts`;
  const parts = tree.code.filter((source) =>
    source.path.startsWith(`modules/${page.module}/${BOARD_PARTS}/`),
  );
  const boards = [tree.get(path), ...parts].filter((board) => board !== undefined);
  if (boards.some((board) => board.all("Identifier").some((node) => node.name === constant))) return [];
  return [
    {
      path: page.source.path,
      line,
      what: `${name} is not on the board`,
      instead: `a line for ${constant} in ${path}`,
    },
  ];
};

const ofBoard = (tree: Tree, { path }: Source): Finding[] => {
  const module = /^modules\/([a-z][a-z0-9-]*)\/index\.ts$/.exec(path)?.[1];
  const loader = tree.get(MODULE_LOADER);
  if (!module || !loader || loader.text.includes(`import("#${path}")`)) return [];
  return [
    {
      path,
      line: 1,
      what: `no process can host ${module}`,
      instead: `import("#${path}") in ${MODULE_LOADER}`,
    },
  ];
};

const exportsOf = (source: Source): string[] =>
  source.all("ExportNamedDeclaration").flatMap(({ declaration, specifiers }) => {
    if (declaration?.type === "FunctionDeclaration") return declaration.id?.name ?? [];
    if (declaration?.type === "VariableDeclaration") {
      return declaration.declarations.flatMap(({ id }) => (id.type === "Identifier" ? id.name : []));
    }
    return specifiers.flatMap(({ exported }) => (exported.type === "Literal" ? [] : exported.name));
  });

/** The parts of a board that is too long for one page. */
const BOARD_PARTS = "_board";
/** What several components of one module share: decisions and SQL, named for what they are about. */
const MODULE_KIT = "_kit";

const ofFile = (tree: Tree, source: Source): Finding[] => {
  const found = /^modules\/([a-z][a-z0-9-]*)\/([^/]+)\/([^/]+)\.ts$/.exec(source.path);
  if (!found || source.isTest || isPort(source.path)) return [];
  const [, module = "", folder = "", file = ""] = found;
  if (file === "rows" || file === "rules" || folder === MODULE_KIT || folder === BOARD_PARTS) return [];
  const component = componentAt(tree, module, folder);
  if (component?.ops.some((op) => op.name === camel(file))) return [];
  const what = component
    ? `${source.path} is no operation of ${component.name}`
    : `modules/${module}/${folder} is no component of contracts/${module}`;
  const instead = component
    ? "its contract line, or its parts in the verb, rows.ts or rules.ts"
    : `contracts/${module}/${folder}.ts, or name the port in tools/rooms.ts`;
  return [{ path: source.path, line: 1, what, instead }];
};

/** What lies deeper than a component is a port, and the table of rooms knows it. */
const ofFolder = ({ path, isTest }: Source): Finding[] => {
  const folder = /^modules\/(?!_kit\/)[^/]+\/[^/]+\/[^/]+(?=\/)/.exec(path)?.[0];
  if (!folder || isTest || isPort(path)) return [];
  const instead = `${folder} among PORTS in tools/rooms.ts, or its files as verbs, rows and rules`;
  return [{ path, line: 1, what: `${folder} is no port`, instead }];
};

const componentAt = (tree: Tree, module: string, folder: string): Component | undefined =>
  tree
    .pages()
    .filter((page) => page.module === module)
    .flatMap((page) => page.components)
    .find((component) => kebab(component.name) === folder);

const isPort = (path: string): boolean =>
  Object.keys(PORTS).some((port) => `${posix.dirname(path)}/`.startsWith(`${port}/`));
