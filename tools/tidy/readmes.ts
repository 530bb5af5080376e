import { posix } from "node:path";
import type { Check, Finding, Tree } from "./_kit/check.ts";
import type { Source } from "./_kit/source.ts";

/** A path named in a README exists, and a module's README is a map that fits on a screen. */
export const check: Check = {
  id: "readmes",
  why: "a map that points at nothing is worse than no map",
  find: (tree) =>
    tree.sources
      .filter(({ path }) => /(^|\/)README\.md$|^[^/]+\.md$/.test(path))
      .flatMap((source) => [
        ...tooLong(source),
        ...pathsOf(source)
          .filter((named) => !exists(tree, source, named))
          .map((named) => lost(source, named)),
      ]),
};

export const README_LINES_MAX = 80;

const tooLong = ({ path, text }: Source): Finding[] => {
  const size = text.trimEnd().split("\n").length;
  if (!/^modules\/[^/]+\/README\.md$/.test(path) || size <= README_LINES_MAX) return [];
  const what = `${size} lines; the README of a module has at most ${README_LINES_MAX}`;
  return [{ path, line: README_LINES_MAX + 1, what, instead: "the fact at its home, and a pointer here" }];
};

type Named = { text: string; line: number };

const QUOTED = /`([^`\n]+)`|\]\(([^)\s]+)\)/g;
const PATH = /^\.{0,2}\/?[\w@.-]+(\/[\w@.-]+)*\/?$/;

const pathsOf = ({ lines }: Source): Named[] =>
  lines.flatMap((line, index) =>
    [...line.matchAll(QUOTED)]
      .map(([, code, link]) => (code ?? link ?? "").replace(/#.*$/, ""))
      .filter((text) => PATH.test(text) && (text.includes("/") || /\.(md|ts|toml|json)$/.test(text)))
      .map((text) => ({ text, line: index + 1 })),
  );

/** Only what claims to be ours is looked up: `./x`, or a path whose first folder is one of ours. */
const exists = (tree: Tree, source: Source, { text }: Named): boolean => {
  const path = posix.normalize(text).replace(/\/$/, "");
  const folder = posix.dirname(source.path);
  const beside = posix.normalize(posix.join(folder, path)).replace(/^\.\/?/, "");
  if (beside === "" || tree.has(beside)) return true;
  if (text.startsWith("."))
    return text.startsWith("./node_modules") || text.startsWith(".shopnexus") || !/^\.{1,2}\//.test(text);
  if (tree.has(path)) return true;
  const isOurs = path.includes("/") && tree.has(path.split("/")[0] ?? "");
  return !isOurs;
};

const lost = ({ path }: Source, { text, line }: Named): Finding => ({
  path,
  line,
  what: `\`${text}\` does not exist`,
  instead: "the path where it is now",
});
