/**
 * Everything that can be known of the tree without starting it, in seconds.
 *
 *     npm run check               one line a part, and what failed in full
 *     npm run check -- --fix      formats first, and turns the ratchet down
 *     npm run check -- --json     one JSON object
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..");
const JOBS_MIN = 2;

type Part = { name: string; run: readonly string[]; fix?: readonly string[] };
type Outcome = { name: string; ok: boolean; ms: number; output: string };

/** Longest first, so that the last core is never left with the longest. Each is a script of Node's; pure tests share one world. */
const PARTS: readonly Part[] = [
  { name: "tests", run: ["node_modules/vitest/vitest.mjs", "run", "--project", "pure", "--no-isolate"] },
  { name: "lint", run: ["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings"] },
  { name: "types", run: ["node_modules/typescript/bin/tsc", "--project", ".", "--pretty", "false"] },
  { name: "dead code", run: ["node_modules/knip/bin/knip.js", "--no-progress"] },
  { name: "tidy", run: ["tools/tidy.ts"], fix: ["tools/tidy.ts", "--update"] },
  { name: "promises", run: ["tools/openapi.ts", "--check"], fix: ["tools/openapi.ts"] },
  { name: "saga tables", run: ["tools/saga-table.ts", "--check"], fix: ["tools/saga-table.ts"] },
  {
    name: "format",
    run: ["node_modules/@biomejs/biome/bin/biome", "format", "."],
    fix: ["node_modules/@biomejs/biome/bin/biome", "format", "--write", "."],
  },
];

const main = async (flags: readonly string[]): Promise<void> => {
  const startedAt = performance.now();
  const isJson = flags.includes("--json");
  const tell = (outcome: Outcome): void => {
    if (!isJson) console.log(line(outcome));
  };
  const parts = flags.includes("--fix") ? await fixing(tell) : PARTS;
  const outcomes = await pooled(parts, tell);
  const failed = outcomes.filter(({ ok }) => !ok);
  const ms = Math.round(performance.now() - startedAt);
  if (isJson) console.log(JSON.stringify({ ok: failed.length === 0, ms, parts: outcomes }));
  else console.log(ending(failed, ms));
  process.exitCode = failed.length === 0 ? 0 : 1;
};

/** Formats before anything is read, so that the other parts see what will be committed. */
const fixing = async (tell: (outcome: Outcome) => void): Promise<readonly Part[]> => {
  const format = PARTS.find(({ name }) => name === "format");
  if (format?.fix) tell(await outcomeOf({ name: format.name, run: format.fix }));
  return PARTS.filter((part) => part !== format).map(({ name, run, fix }) => ({ name, run: fix ?? run }));
};

/** As many at a time as there are cores; results in the order of the parts. */
const pooled = async (parts: readonly Part[], tell: (outcome: Outcome) => void): Promise<Outcome[]> => {
  const outcomes: Outcome[] = [];
  const waiting = [...parts.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, part] = next;
      const outcome = await outcomeOf(part);
      outcomes[index] = outcome;
      tell(outcome);
    }
  };
  await Promise.all(Array.from({ length: Math.max(JOBS_MIN, availableParallelism()) }, worker));
  return outcomes;
};

const outcomeOf = ({ name, run }: Part): Promise<Outcome> =>
  new Promise((resolve) => {
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...run], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    const finish = (ok: boolean, said = ""): void => {
      const output = Buffer.concat(chunks).toString().trim() + said;
      resolve({ name, ok, ms: Math.round(performance.now() - startedAt), output });
    };
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => finish(false, error.message));
    child.on("close", (code) => finish(code === 0));
  });

const line = ({ name, ok, ms, output }: Outcome): string => {
  const told = `${ok ? "ok  " : "FAIL"} ${name.padEnd(10)} ${String(ms).padStart(6)} ms`;
  return ok ? told : `${told}\n${output.replace(/^/gm, "     ")}\n`;
};

const ending = (failed: readonly Outcome[], ms: number): string =>
  failed.length === 0
    ? `all ${PARTS.length} parts hold: ${ms} ms. Next: npm test`
    : `${failed.map(({ name }) => name).join(", ")}: put right what is told above, then npm run check again (${ms} ms)`;

await main(process.argv.slice(2));
