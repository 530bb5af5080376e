/**
 * How fast the shop is on this machine, and what the time is spent on. Everything runs here, on the loopback:
 *
 *     npm run bench                          buyers at 1, 8 and 32, fused and not; no-op handlers; memory
 *     npm run bench -- --seconds 30          longer runs, steadier numbers
 *     npm run bench -- --only buyers|noop|memory|lives|books
 *     npm run bench -- --profile [--at 8]    fused only: statements, journal entries and functions for one path
 *     npm run bench -- --json                one JSON object
 *
 * Servers, sandbox, product and load generator are processes of their own, started in .shopnexus/bench. Exits with 1
 * when a path failed, or when ledger, stock and the gateway's money do not agree afterwards. Needs Linux: CPU and
 * memory are the kernel's own figures.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { measureBooks } from "./bench/books.ts";
import { measureLives } from "./bench/lives.ts";
import { type Measured, measure } from "./bench/measure.ts";
import { type Buyers, type Findings, reportOf } from "./bench/report.ts";
import { type Bench, emptyPlan, type Sale, sell } from "./bench/sale.ts";
import { tell } from "./bench/tell.ts";
import { openNoop, openWorld, pidsOf } from "./bench/world.ts";

const AT_ONCE = [1, 8, 32];
const WARM_MS = 5_000;
const KINDS = ["buyers", "noop", "memory", "lives", "books"] as const;

type Kind = (typeof KINDS)[number];
type Flags = {
  readonly isJson: boolean;
  readonly isProfiled: boolean;
  readonly measureMs: number;
  readonly only: Kind | undefined;
  readonly atOnce: number;
};

const readFlags = (): Flags => {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      seconds: { type: "string", default: "10" },
      at: { type: "string", default: "8" },
      only: { type: "string" },
    },
  });
  const [seconds, atOnce] = [Number(values.seconds), Number(values.at)];
  const only = KINDS.find((kind) => kind === values.only);
  if (!(seconds >= 1 && seconds <= 120)) throw new Error("--seconds is a number from 1 to 120.");
  if (!Number.isInteger(atOnce) || atOnce < 1 || atOnce > 64)
    throw new Error("--at is a number from 1 to 64.");
  if (values.only !== undefined && only === undefined)
    throw new Error(`--only is one of ${KINDS.join(", ")}.`);
  return { isJson: values.json, isProfiled: values.profile, measureMs: seconds * 1_000, only, atOnce };
};

const findingsOf = async (bench: Bench, { only, isProfiled, atOnce }: Flags): Promise<Findings> => {
  const { world, pace, progress } = bench;
  const lives = () => measureLives(world, progress, pace.measureMs);
  if (only === "lives") return { lives: await lives() };
  if (only === "books") return { books: await measureBooks(world, progress) };
  if (isProfiled || only === "memory") return sold(await sell(bench, "on", [atOnce]));
  const noop = only === "buyers" ? undefined : await doNothing(bench);
  if (only === "noop") return noop === undefined ? {} : { noop };
  const fused = await sell(bench, "on", AT_ONCE);
  const unfused = await sell(bench, "off", AT_ONCE);
  const sales = { ...sold(fused, unfused), ...(noop && { noop }) };
  if (only !== undefined) return sales;
  return { ...sales, lives: await lives(), books: await measureBooks(world, progress) };
};

const doNothing = async ({ world, pace, progress }: Bench): Promise<Measured[]> => {
  const noop = await openNoop(world);
  const runs: Measured[] = [];
  for (const count of AT_ONCE) {
    progress(`no-op: ${count} at once`);
    const plan = emptyPlan(world.stack.restate.ingressUrl, pace, count);
    runs.push(await measure({ ...plan, kind: "noop" }, pidsOf(world, { app: noop })));
  }
  return runs;
};

const sold = (fused: Sale, unfused?: Sale): Findings => {
  const checks = { fused: fused.check, ...(unfused && { unfused: unfused.check }) };
  const buyers: Buyers = { fused: fused.runs, unfused: unfused?.runs ?? [], checks };
  const { before, after, profile } = fused;
  return { buyers, memory: { before, after }, ...(profile && { profile }) };
};

const main = async (flags: Flags): Promise<void> => {
  const progress = (line: string) => console.error(line);
  const world = await openWorld(progress, flags.isProfiled);
  try {
    const pace = { warmMs: WARM_MS, measureMs: flags.measureMs };
    const machine = {
      cores: cpus().length,
      model: cpus()[0]?.model ?? "unknown",
      node: process.versions.node,
    };
    const about = { machine, seconds: flags.measureMs / 1_000, warmSeconds: WARM_MS / 1_000 };
    const report = reportOf(await findingsOf({ world, pace, progress }, flags), about);
    console.log(flags.isJson ? JSON.stringify(report) : tell(report));
    if (!report.isOk) process.exitCode = 1;
  } finally {
    await world.stop();
  }
};

const flagsOrSentence = (): Flags | string => {
  try {
    return readFlags();
  } catch (error) {
    return (error as Error).message;
  }
};

const flags = flagsOrSentence();
if (typeof flags === "string") {
  console.error(flags);
  process.exitCode = 2;
} else await main(flags);
