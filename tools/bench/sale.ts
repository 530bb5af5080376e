/** One shop, fresh, under the load of ever more buyers; and, if asked, what one order costs it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gather } from "./crowd.ts";
import { startProfiler } from "./inspector.ts";
import type { LoadPlan } from "./load.ts";
import { type Measured, measure } from "./measure.ts";
import { memoryOf } from "./proc.ts";
import { forgetStatements, functionsOf, journalOf, type Profile, statementsOf } from "./profile.ts";
import type { MemoryReading } from "./report.ts";
import { judge, type Verdict } from "./verdict.ts";
import { type BenchShop, openBenchShop, type World } from "./world.ts";

export type Pace = { readonly warmMs: number; readonly measureMs: number };
export type Bench = {
  readonly world: World;
  readonly pace: Pace;
  readonly progress: (line: string) => void;
};
export type Sale = {
  readonly runs: readonly Measured[];
  readonly check: Verdict;
  readonly before: MemoryReading;
  readonly after: MemoryReading;
  readonly profile?: Profile;
};

export const sell = async (
  { world, pace, progress }: Bench,
  fuse: "on" | "off",
  atOnce: readonly number[],
): Promise<Sale> => {
  const name = fuse === "on" ? "fused" : "unfused";
  const shop = await openBenchShop(world, name, fuse);
  progress(`${name}: making ${Math.max(...atOnce)} buyers and what they may buy`);
  const crowd = await gather(shop, Math.max(...atOnce));
  const before = memoriesOf(shop);
  const planFor = async (count: number): Promise<LoadPlan> => ({
    ...emptyPlan(shop.ingressUrl, pace, count),
    kind: "buyers",
    sandboxUrl: shop.sandboxUrl,
    shelves: crowd.shelves,
    buyers: await crowd.present(),
  });
  const runs: Measured[] = [];
  for (const count of atOnce) {
    progress(`${name}: ${count} at once`);
    runs.push(await measure(await planFor(count), shop.pids));
  }
  const after = memoriesOf(shop);
  const profile = world.isProfiled
    ? await profiled(world, shop, await planFor(Math.max(...atOnce)))
    : undefined;
  const check = await judge(shop);
  await shop.stop();
  return { runs, check, before, after, ...(profile && { profile }) };
};

export const emptyPlan = (ingressUrl: string, pace: Pace, atOnce: number): Omit<LoadPlan, "kind"> => ({
  atOnce,
  ...pace,
  ingressUrl,
  sandboxUrl: "",
  buyers: [],
  shelves: [],
});

const memoriesOf = ({ pids }: BenchShop): MemoryReading =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, memoryOf(pid)]));

/** Runs the load once more on a shop that is warm, with everything watched: its own speed is no measurement. */
const profiled = async (world: World, shop: BenchShop, plan: LoadPlan): Promise<Profile> => {
  await forgetStatements(shop);
  const [startedAtMs, pathsBefore] = [Date.now(), await pathCount(shop)];
  const profiler = await startProfiler(shop.inspectPort);
  await measure({ ...plan, warmMs: 0 }, shop.pids);
  const sampled = await profiler.stop();
  // For the eyes of a browser's profiler, which reads this as it is.
  writeFileSync(join(world.site.dir, "app.cpuprofile"), JSON.stringify(sampled));
  const orders = (await pathCount(shop)) - pathsBefore;
  return {
    ...(await statementsOf(shop, orders)),
    journal: await journalOf(world.stack.restate.adminUrl, startedAtMs, orders),
    ...functionsOf(sampled, orders),
  };
};

/** The payments that the gateway took: one a path. */
const pathCount = async ({ sandboxUrl }: BenchShop): Promise<number> => {
  const response = await fetch(`${sandboxUrl}/sandbox/state`);
  const { intents } = (await response.json()) as { intents: Record<string, number> };
  return intents["succeeded"] ?? 0;
};
