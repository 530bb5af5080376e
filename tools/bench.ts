/**
 * How fast the shop is on this machine, and what the time is spent on. Everything runs here, on the loopback:
 *
 *     npm run bench                          buyers at 1, 8 and 32, fused and not; no-op handlers; memory
 *     npm run bench -- --seconds 30          longer runs, steadier numbers
 *     npm run bench -- --only buyers|noop|memory
 *     npm run bench -- --profile             fused at 32 only: statements, journal entries and functions for one order
 *     npm run bench -- --json                one JSON object
 *
 * Servers, sandbox, product and load generator are processes of their own, started in .shopnexus/bench. Exits with 1
 * when a path failed, or when ledger, stock and the gateway's money do not agree afterwards. Needs Linux for CPU and memory.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { gather } from "./bench/crowd.ts";
import type { LoadPlan } from "./bench/load.ts";
import { type Measured, measure } from "./bench/measure.ts";
import { memoryOf } from "./bench/proc.ts";
import { forgetStatements, functionsOf, journalOf, type Profile, statementsOf } from "./bench/profile.ts";
import { type Buyers, type Findings, type MemoryReading, reportOf } from "./bench/report.ts";
import { tell } from "./bench/tell.ts";
import { judge, type Verdict } from "./bench/verdict.ts";
import { type BenchShop, openBenchShop, openNoop, openWorld, pidsOf, type World } from "./bench/world.ts";

const BUYERS_AT_ONCE = [1, 8, 32];
const WARM_MS = 3_000;
const KINDS = ["buyers", "noop", "memory"] as const;

type Kind = (typeof KINDS)[number];
type Flags = { isJson: boolean; measureMs: number; only: Kind | undefined; isProfiled: boolean };

const readFlags = (): Flags => {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      seconds: { type: "string", default: "10" },
      only: { type: "string" },
    },
  });
  const seconds = Number(values.seconds);
  const only = KINDS.find((kind) => kind === values.only);
  if (!(seconds >= 1 && seconds <= 120)) throw new Error("--seconds is a number from 1 to 120.");
  if (values.only !== undefined && only === undefined)
    throw new Error(`--only is one of ${KINDS.join(", ")}.`);
  return { isJson: values.json, measureMs: seconds * 1_000, only, isProfiled: values.profile };
};

type Bench = { world: World; flags: Flags; progress: (line: string) => void };
type Sale = {
  runs: Measured[];
  check: Verdict;
  before: MemoryReading;
  after: MemoryReading;
  profile?: Profile;
};

/** One shop, fresh, under the load of ever more buyers. */
const sell = async (
  { world, flags, progress }: Bench,
  fuse: "on" | "off",
  atOnce: readonly number[],
): Promise<Sale> => {
  const name = fuse === "on" ? "fused" : "unfused";
  const shop = await openBenchShop(world, name, fuse);
  progress(`${name}: making ${Math.max(...atOnce)} buyers and what they may buy`);
  const crowd = await gather(shop, Math.max(...atOnce));
  if (flags.isProfiled) await forgetStatements(shop);
  const before = memoriesOf(shop);
  const runs: Measured[] = [];
  for (const count of atOnce) {
    progress(`${name}: ${count} at once`);
    const plan = {
      ...planOf(shop.ingressUrl, flags, count),
      sandboxUrl: shop.sandboxUrl,
      shelves: crowd.shelves,
    };
    runs.push(await measure({ ...plan, kind: "buyers", buyers: await crowd.present() }, shop.pids));
  }
  const after = memoriesOf(shop);
  const check = await judge(shop);
  const paths = await pathCount(shop);
  const asked = flags.isProfiled ? await asksOf(world, shop, paths) : undefined;
  await shop.stop();
  const profile = asked && { ...asked, ...functionsOf(name, paths) };
  return { runs, check, before, after, ...(profile && { profile }) };
};

const memoriesOf = ({ pids }: BenchShop): MemoryReading =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryOf(pid)]));

/** The payments that the gateway took: one a path. */
const pathCount = async ({ sandboxUrl }: BenchShop): Promise<number> => {
  const { intents } = (await (await fetch(`${sandboxUrl}/sandbox/state`)).json()) as {
    intents: Record<string, number>;
  };
  return intents["succeeded"] ?? 0;
};

const asksOf = async (world: World, shop: BenchShop, paths: number) => ({
  statements: await statementsOf(shop, paths),
  journal: await journalOf(world.stack.restate.adminUrl, paths),
});

const planOf = (ingressUrl: string, { measureMs }: Flags, atOnce: number): Omit<LoadPlan, "kind"> => ({
  atOnce,
  warmMs: WARM_MS,
  measureMs,
  ingressUrl,
  sandboxUrl: "",
  buyers: [],
  shelves: [],
});

const doNothing = async ({ world, flags, progress }: Bench): Promise<Measured[]> => {
  const noop = await openNoop(world);
  const runs: Measured[] = [];
  for (const count of BUYERS_AT_ONCE) {
    progress(`no-op: ${count} at once`);
    const plan = planOf(world.stack.restate.ingressUrl, flags, count);
    runs.push(await measure({ ...plan, kind: "noop" }, pidsOf(world, { app: noop })));
  }
  return runs;
};

const findings = async (bench: Bench): Promise<Findings> => {
  const { only, isProfiled } = bench.flags;
  if (isProfiled) return findingsOf(await sell(bench, "on", [32]));
  if (only === "memory") return findingsOf(await sell(bench, "on", [8]));
  const noop = only === "buyers" ? undefined : await doNothing(bench);
  if (only === "noop") return noop === undefined ? {} : { noop };
  const fused = await sell(bench, "on", BUYERS_AT_ONCE);
  const unfused = await sell(bench, "off", BUYERS_AT_ONCE);
  return { ...findingsOf(fused, unfused), ...(noop && { noop }) };
};

const findingsOf = (fused: Sale, unfused?: Sale): Findings => {
  const checks = { fused: fused.check, ...(unfused && { unfused: unfused.check }) };
  const buyers: Buyers = { fused: fused.runs, unfused: unfused?.runs ?? [], checks };
  const { before, after, profile } = fused;
  return { buyers, memory: { before, after }, ...(profile && { profile }) };
};

const main = async (): Promise<void> => {
  const flags = readFlags();
  const progress = (line: string) => console.error(line);
  const world = await openWorld(progress, flags.isProfiled);
  try {
    const machine = {
      cores: cpus().length,
      model: cpus()[0]?.model ?? "unknown",
      node: process.versions.node,
    };
    const about = { machine, seconds: flags.measureMs / 1_000, warmSeconds: WARM_MS / 1_000 };
    const report = reportOf(await findings({ world, flags, progress }), about);
    console.log(flags.isJson ? JSON.stringify(report) : tell(report));
    if (!report.isOk) process.exitCode = 1;
  } finally {
    await world.stop();
  }
};

await main();
