/**
 * Holds the tree to the laws of convention.md: reads every file once, asks every check, says what to write instead.
 *
 *     npm run tidy                for people
 *     npm run tidy -- --json      one JSON object
 *     npm run tidy -- --update    turns the ratchet of the walls down to what it is now
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { say, type Tree, type Verdict, verdictsOf } from "./tidy/_kit/check.ts";
import { readTree } from "./tidy/_kit/tree.ts";
import { CHECKS } from "./tidy/checks.ts";
import { RATCHET, turned } from "./tidy/walls.ts";

const ROOT = join(import.meta.dirname, "..");

export const tidy = (tree: Tree): Verdict[] => {
  if (tree.code.length === 0) throw new Error("tidy saw no files: it would call anything tidy");
  return CHECKS.flatMap((check) => verdictsOf(check, tree)).toSorted(byPlace);
};

const byPlace = (one: Verdict, other: Verdict): number =>
  one.path < other.path ? -1 : one.path > other.path ? 1 : one.line - other.line;

const main = (flags: readonly string[]): void => {
  const startedAt = performance.now();
  if (flags.includes("--update")) {
    writeFileSync(join(ROOT, RATCHET), `${JSON.stringify(turned(readTree(ROOT)), null, 2)}\n`);
  }
  const tree = readTree(ROOT);
  const findings = tidy(tree);
  const ms = Math.round(performance.now() - startedAt);
  const report = { ok: findings.length === 0, files: tree.code.length, checks: CHECKS.length, ms, findings };
  console.log(flags.includes("--json") ? JSON.stringify(report) : told(report));
  process.exitCode = report.ok ? 0 : 1;
};

type Report = { ok: boolean; files: number; checks: number; ms: number; findings: readonly Verdict[] };

const told = ({ ok, files, checks, ms, findings }: Report): string => {
  const sum = `${files} files, ${checks} checks, ${ms} ms`;
  if (ok) return `tidy: ${sum}`;
  return [
    ...findings.map((finding) => `${say(finding)} (${finding.check})`),
    `${findings.length} to put right: ${sum}`,
  ].join("\n");
};

if (import.meta.main) main(process.argv.slice(2));
