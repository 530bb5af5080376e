import { posix } from "node:path";
import { TESTS } from "../rooms.ts";
import { at, type Check, type Finding, type Tree } from "./_kit/check.ts";
import type { Source } from "./_kit/source.ts";
import type { Func } from "./_kit/syntax.ts";

export const RATCHET = "tools/tidy/ratchet.json";

/** No function, file or folder grows past its wall; what stood beyond it before may only shrink. */
export const check: Check = {
  id: "walls",
  why: "what fits on a screen is read, and what is read is right",
  find: (tree) => {
    const ratchet = ratchetOf(tree);
    const measures = measuresOf(tree);
    return [...measures.flatMap((measure) => over(measure, ratchet)), ...slack(measures, ratchet)];
  },
};

export const FUNCTION_LINES_MAX = 50;
export const PARAMETERS_MAX = 3;
export const FOLDER_FILES_MAX = 15;
/** What many components share, each file named for what it is about. */
export const KIT_FILES_MAX = 30;

/** The first row that fits a file is its wall. */
export const FILE_LINES_MAX: readonly { kind: string; files: RegExp; max: number }[] = [
  { kind: "a test", files: TESTS.files, max: 300 },
  { kind: "a board", files: /^modules\/(?!_kit\/)[^/]+\/(index|_board\/[^/]+)\.ts$/, max: 80 },
  { kind: "rows and rules", files: /^modules\/(.*\/(rows|rules)|[^/]+\/_kit\/[^/]+)\.ts$/, max: 200 },
  { kind: "a verb", files: /^modules\/(?!_kit\/)[^/]+\/[^/]+\/[^/]+\.ts$/, max: 150 },
  { kind: "a contract page", files: /^contracts\/(?!_kit\/)[^/]+\/[^/]+\.ts$/, max: 200 },
  { kind: "tables", files: /^db\/(?!_kit\/)[^/]+\/[^/]+\.ts$/, max: 200 },
  { kind: "a file of the kit, the host or a tool", files: /\.tsx?$/, max: 300 },
];

export type Ratchet = Readonly<Record<string, number>>;
type Measure = { key: string; size: number; max: number; finding: Omit<Finding, "what">; says: string };

const ratchetOf = (tree: Tree): Ratchet => JSON.parse(tree.get(RATCHET)?.text ?? "{}") as Ratchet;

const measuresOf = (tree: Tree): Measure[] => [
  ...tree.code.flatMap((source) => [fileMeasure(source), ...functionMeasures(source)]),
  ...folderMeasures(tree),
];

const fileMeasure = (source: Source): Measure => {
  const row = FILE_LINES_MAX.find(({ files }) => files.test(source.path));
  const size = source.text.trimEnd().split("\n").length;
  return {
    key: source.path,
    size,
    max: row?.max ?? Number.POSITIVE_INFINITY,
    says: `${size} lines; ${row?.kind} has at most ${row?.max}`,
    finding: { path: source.path, line: 1, instead: "a second file for the second idea" },
  };
};

const functionMeasures = (source: Source): Measure[] =>
  source.all("ArrowFunctionExpression", "FunctionDeclaration", "FunctionExpression").flatMap((node) => {
    const name = nameAround(node);
    const lines = source.lineOf(node.end) - source.lineOf(node.start) + 1;
    const place = at(source, node);
    const parameters: Measure = {
      key: `${source.path} ${name} parameters`,
      size: node.params.length,
      max: PARAMETERS_MAX,
      says: `${name} takes ${node.params.length} parameters; at most ${PARAMETERS_MAX}`,
      finding: { ...place, instead: "one object with names", why: "nobody remembers the order of four" },
    };
    if (source.isTest) return name === NAMELESS ? [] : [parameters];
    const length: Measure = {
      key: `${source.path} ${name}`,
      size: lines,
      max: FUNCTION_LINES_MAX,
      says: `${name} has ${lines} lines; at most ${FUNCTION_LINES_MAX}`,
      finding: { ...place, instead: "its parts as functions below it, in the order they run" },
    };
    return [length, parameters];
  });

const NAMELESS = "a function";

const nameAround = (node: Func): string => {
  if (node.type !== "ArrowFunctionExpression" && node.id) return node.id.name;
  const { parent } = node;
  if (parent?.type === "VariableDeclarator" && parent.id.type === "Identifier") return parent.id.name;
  if (parent?.type === "Property" && parent.key.type === "Identifier") return parent.key.name;
  if (parent?.type === "MethodDefinition" && parent.key.type === "Identifier") return parent.key.name;
  return NAMELESS;
};

const folderMeasures = (tree: Tree): Measure[] => {
  const folders = tree.code
    .map(({ path }) => posix.dirname(path))
    .filter((path) => /^modules\/(?!_kit(\/|$))[^/]+\/./.test(path));
  const counted = Map.groupBy(folders, (folder) => folder);
  return [...counted].map(([folder, { length }]) => {
    const [kind, max] = folder.endsWith("/_kit")
      ? ["a module's kit", KIT_FILES_MAX]
      : ["a folder of a component", FOLDER_FILES_MAX];
    return {
      key: folder,
      size: length,
      max,
      says: `${length} files; ${kind} has at most ${max}`,
      finding: { path: folder, line: 1, instead: "a second component with its own contract page" },
    };
  });
};

const over = ({ key, size, max, says, finding }: Measure, ratchet: Ratchet): Finding[] => {
  const old = ratchet[key];
  if (size <= max || size <= (old ?? 0)) return [];
  return [{ ...finding, what: old === undefined ? says : `${says}, and it was ${old}` }];
};

/** What shrank has to be written down, or it could grow back. */
const slack = (measures: readonly Measure[], ratchet: Ratchet): Finding[] =>
  Object.entries(tightened(measures, ratchet))
    .filter(([key, size]) => size !== ratchet[key])
    .map(([key]) => ({
      path: RATCHET,
      line: 1,
      what: `${key} is smaller than the ratchet says`,
      instead: "it down with npm run tidy -- --update",
      why: "a ratchet only turns one way",
    }));

/** The same ratchet turned down: a smaller size where one shrank, and 0 where it is within its wall or gone. */
const tightened = (measures: readonly Measure[], ratchet: Ratchet): Ratchet => {
  const sizes = new Map<string, number>();
  for (const { key, size, max } of measures)
    if (size > max) sizes.set(key, Math.max(size, sizes.get(key) ?? 0));
  return Object.fromEntries(
    Object.entries(ratchet).map(([key, old]) => [key, Math.min(old, sizes.get(key) ?? 0)]),
  );
};

/** What `--update` writes: never a new row, never a greater number. */
export const turned = (tree: Tree): Ratchet =>
  Object.fromEntries(
    Object.entries(tightened(measuresOf(tree), ratchetOf(tree))).filter(([, size]) => size > 0),
  );
