/**
 * Writes down what the contract pages promise: openapi.json for readers, contracts/fingerprint.json for the gate.
 *
 *     npm run openapi                          writes both; refuses to write a promise that is broken
 *     npm run openapi -- --check               writes nothing, fails when a file is stale or a promise is broken
 *     npm run openapi -- --against origin/main compares with the fingerprint of another commit, too
 *     npm run openapi -- --accept-breaks       writes all the same: for when nothing older runs any more
 *     npm run openapi -- --json                one JSON object
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { PAGES } from "@shopnexus/contracts/pages";
import { openapi } from "#app/edge/openapi.ts";
import { breaks } from "./openapi/breaks.ts";
import { type Fingerprint, fingerprint } from "./openapi/fingerprint.ts";

const ROOT = join(import.meta.dirname, "..");
const PRINT = "contracts/fingerprint.json";

const contracts = Object.values(PAGES).flat();
const print = fingerprint(contracts);
const files: Readonly<Record<string, unknown>> = { "openapi.json": openapi(contracts), [PRINT]: print };

const committed = (path: string): unknown =>
  existsSync(join(ROOT, path)) ? JSON.parse(readFileSync(join(ROOT, path), "utf8")) : undefined;

/** The fingerprint of another commit; a commit from before there was one promised nothing. */
const printAt = (commit: string): Fingerprint => {
  const git = (...args: string[]) => spawnSync("git", args, { cwd: ROOT, maxBuffer: 2 ** 28 });
  if (git("rev-parse", "--verify", `${commit}^{commit}`).status !== 0)
    throw new Error(`there is no commit ${commit} here`);
  const { status, stdout } = git("show", `${commit}:${PRINT}`);
  return status === 0 ? (JSON.parse(stdout.toString()) as Fingerprint) : {};
};

const write = (path: string): void => {
  writeFileSync(join(ROOT, path), `${JSON.stringify(files[path], null, 2)}\n`);
  const biome = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
  spawnSync(process.execPath, [biome, "format", "--write", path], { cwd: ROOT });
};

type Report = { ok: boolean; operations: number; broken: string[]; stale: string[]; written: string[] };

const main = (flags: readonly string[]): Report => {
  const against = flags.includes("--against") ? printAt(flags[flags.indexOf("--against") + 1] ?? "HEAD") : {};
  const broken = [
    ...new Set([...breaks((committed(PRINT) ?? {}) as Fingerprint, print), ...breaks(against, print)]),
  ];
  const stale = Object.keys(files).filter((path) => !isDeepStrictEqual(committed(path), plain(files[path])));
  const operations = contracts.reduce((count, { _handlers }) => count + Object.keys(_handlers).length, 0);
  const mayWrite = !flags.includes("--check") && (broken.length === 0 || flags.includes("--accept-breaks"));
  if (!mayWrite) return { ok: broken.length + stale.length === 0, operations, broken, stale, written: [] };
  for (const path of stale) write(path);
  return { ok: true, operations, broken, stale: [], written: stale };
};

/** As a file would hold it: without what JSON has no word for. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const told = ({ ok, operations, broken, stale, written }: Report): string =>
  [
    ...broken.map((sentence) => `broken   ${sentence}`),
    ...stale.map((path) => `stale    ${path}: write it with npm run openapi`),
    ...written.map((path) => `written  ${path}`),
    ...(broken.length > 0 && !ok
      ? [
          "Older deployments and clients rely on what is broken: add beside it and retire the old one later; where nothing older runs, --accept-breaks.",
        ]
      : []),
    `${operations} operations, ${broken.length === 0 ? "every promise kept" : `${broken.length} promises broken`}${ok ? ". Next: commit what was written, if anything" : ""}`,
  ].join("\n");

const flags = process.argv.slice(2);
const report = main(flags);
console.log(flags.includes("--json") ? JSON.stringify(report) : told(report));
process.exitCode = report.ok ? 0 : 1;
