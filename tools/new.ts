/**
 * A new room, page or handler in the house style, without a question.
 *
 *     npm run new module shipping
 *     npm run new component shipping/parcel
 *     npm run new handler shipping/parcel/book
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Plan, planOf, Refused } from "./new/plan.ts";

const ROOT = join(import.meta.dirname, "..");

/** Writes all of it under `root`, or nothing. */
export const make = (words: readonly string[], root: string): Plan => {
  const read = (path: string): string | undefined =>
    existsSync(join(root, path)) ? readFileSync(join(root, path), "utf8") : undefined;
  const plan = planOf(words, read);
  for (const { path, text } of plan.writes) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  format(root, plan);
  return plan;
};

const format = (root: string, { writes }: Plan): void => {
  const biome = join(ROOT, "node_modules/@biomejs/biome/bin/biome");
  const paths = writes.map(({ path }) => path).filter((path) => path.endsWith(".ts"));
  const options = ["format", "--write", `--config-path=${join(ROOT, "biome.json")}`, "--vcs-enabled=false"];
  const { status, stderr } = spawnSync(process.execPath, [biome, ...options, ...paths], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
};

const told = ({ writes, next }: Plan): string =>
  [
    ...writes.map(({ path, isNew }) => `${isNew ? "made " : "added to"} ${path}`),
    "",
    "Next:",
    ...next.map((step, index) => `  ${index + 1}. ${step}`),
  ].join("\n");

const main = (words: readonly string[]): void => {
  try {
    console.log(told(make(words, ROOT)));
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    console.error(error.message);
    process.exitCode = 2;
  }
};

if (import.meta.main) main(process.argv.slice(2));
