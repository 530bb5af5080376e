import { posix } from "node:path";
import type { Node } from "oxc-parser";
import { MODULE_LOADER, PORTS, type Room, roomOf, TESTS } from "../rooms.ts";
import { at, type Check, type Finding } from "./_kit/check.ts";
import type { Source } from "./_kit/source.ts";

/** Holds every import to the table of rooms. */
export const check: Check = {
  id: "imports",
  why: "tools/rooms.ts is the only place that says who may import whom",
  find: ({ code }) =>
    code.flatMap((source) => [
      ...importsOf(source).flatMap((edge) => judge(source, edge) ?? []),
      ...unread(source),
    ]),
};

type Edge = { from: string; node: Node; isDynamic: boolean };

const importsOf = (source: Source): Edge[] =>
  source
    .all(
      "ImportDeclaration",
      "ExportNamedDeclaration",
      "ExportAllDeclaration",
      "ImportExpression",
      "TSImportType",
    )
    .flatMap((node) => {
      const from = node.source;
      if (from?.type !== "Literal" || typeof from.value !== "string") return [];
      return [{ from: from.value, node, isDynamic: node.type === "ImportExpression" }];
    });

const judge = (source: Source, edge: Edge): Finding | undefined => {
  const home = roomOf(source.path);
  if (!home) return undefined;
  const target = resolve(source.path, edge.from);
  if (target === undefined) return judgePackage(source, edge, home);
  if (within(target, folderOf(home))) return undefined;
  if (isLoading(source, edge, target)) return undefined;
  const place = at(source, edge.node);
  if (!mayReach(source, home, target)) {
    const what = `${folderOf(home)} imports ${edge.from}`;
    return { ...place, what, instead: remedy(target), why: home.room.why };
  }
  if (!edge.from.startsWith(".") || houseOf(source.path) === houseOf(target)) return undefined;
  const instead = named(target);
  return {
    ...place,
    what: `a relative import leaves its room: ${edge.from}`,
    instead,
    why: "a border shows in its name",
  };
};

/** A name put together at run time escapes this table. */
const unread = (source: Source): Finding[] => {
  if (!/^(contracts|modules|db|app)\//.test(source.path) || source.isTest || source.path === MODULE_LOADER)
    return [];
  const computed = source.all("ImportExpression").filter((node) => node.source.type !== "Literal");
  const why = "an import that cannot be read cannot be held to the table";
  return computed.map((node) => ({
    ...at(source, node),
    what: "import() of a computed name",
    instead: "the name",
    why,
  }));
};

type Home = { room: Room; module: string };

const folderOf = ({ room, module }: Home): string => room.path.replace("<m>", module);

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** The path of ours that a specifier names, or undefined for a package. */
const resolve = (path: string, from: string): string | undefined => {
  if (from.startsWith(".")) return posix.normalize(posix.join(posix.dirname(path), from));
  if (from.startsWith("#")) return from.slice(1);
  if (from === "@shopnexus/contracts") return "contracts";
  if (!from.startsWith("@shopnexus/contracts/")) return undefined;
  const rest = from.slice("@shopnexus/contracts/".length).replace(/^kit\//, "_kit/");
  if (rest === "client") return "contracts/_kit/client.ts";
  return `contracts/${rest.endsWith(".ts") ? rest : `${rest}.ts`}`;
};

/** What one package or one module is, for the eye. It keeps db together: drizzle-kit does not know our names. */
const houseOf = (path: string): string =>
  path
    .split("/")
    .slice(0, path.startsWith("modules/") ? 2 : 1)
    .join("/");

const isLoading = (source: Source, { isDynamic }: Edge, target: string): boolean =>
  source.path === MODULE_LOADER && isDynamic && /^modules\/(?!_kit\/)/.test(target);

const mayReach = (source: Source, { room, module }: Home, target: string): boolean => {
  const rooms = room.ours.map((path) => path.replace("<m>", module));
  const testing = TESTS.files.test(source.path) ? TESTS.ours : [];
  return [...rooms, ...testing].some((folder) => within(target, folder));
};

const judgePackage = (source: Source, { from, node }: Edge, { room }: Home): Finding | undefined => {
  const name = packageOf(from);
  const port = Object.entries(PORTS).flatMap(([folder, packages]) =>
    within(source.path, folder) ? packages : [],
  );
  const testing = TESTS.files.test(source.path) ? TESTS.theirs : [];
  const isAllowed = [...room.theirs, ...port, ...testing].some((allowed) =>
    name.startsWith("node:") ? allowed === name || allowed === "node:*" : allowed === name || allowed === "*",
  );
  if (isAllowed) return undefined;
  const instead = "a port: a folder with the interface and this adapter, named in PORTS";
  return { ...at(source, node), what: `${source.path} imports ${from}`, instead, why: room.why };
};

/** `stripe/lib/x` is stripe, `@a/b/c` is @a/b, and a module of Node is itself, sub-paths and all. */
const packageOf = (from: string): string =>
  from.startsWith("node:")
    ? `node:${from.slice(5).split("/")[0]}`
    : from
        .split("/")
        .slice(0, from[0] === "@" ? 2 : 1)
        .join("/");

const named = (target: string): string =>
  target.startsWith("contracts/")
    ? `@shopnexus/contracts/${target.slice(10).replace("_kit/", "kit/").replace(/\.ts$/, "")}`
    : `#${target}`;

const remedy = (target: string): string => {
  const module = /^(?:modules|db)\/([a-z][a-z0-9-]*)/.exec(target)?.[1];
  return module
    ? `a call to a contract of @shopnexus/contracts/${module}`
    : "what the row of this room in tools/rooms.ts allows";
};
