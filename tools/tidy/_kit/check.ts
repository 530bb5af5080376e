import type { Page } from "./page.ts";
import type { Source } from "./source.ts";

/** The repository as the checks see it: every file read once, and every path that exists. */
export type Tree = {
  sources: readonly Source[];
  code: readonly Source[];
  pages: () => readonly Page[];
  has: (path: string) => boolean;
  get: (path: string) => Source | undefined;
};

/** One thing that is not right, said so that the reader can put it right without asking. */
export type Finding = { path: string; line: number; what: string; instead: string; why?: string };

export type Check = { id: string; why: string; find: (tree: Tree) => Finding[] };

export type Verdict = Required<Finding> & { check: string };

export const say = ({ path, line, what, instead, why }: Verdict): string =>
  `${path}:${line}  ${what} — write ${instead} instead: ${why}`;

export const at = (source: Source, node: { start: number }): { path: string; line: number } => ({
  path: source.path,
  line: source.lineOf(node.start),
});

/** An exception is written where it is made: `// tidy: banned — the reason`, on the line or the one above. */
const ALLOWED = /(?:\/\/|#|<!--|\/?\*)\s*tidy:\s*([a-z-]+)\s+—\s+\S{3}/;

export const verdictsOf = (check: Check, tree: Tree): Verdict[] =>
  check
    .find(tree)
    .filter((finding) => !isAllowed(check, finding, tree))
    .map((finding) => ({ why: check.why, ...finding, check: check.id }));

const isAllowed = (check: Check, finding: Finding, tree: Tree): boolean => {
  const lines = tree.get(finding.path)?.lines;
  return [finding.line - 1, finding.line - 2].some(
    (index) => ALLOWED.exec(lines?.[index] ?? "")?.[1] === check.id,
  );
};
