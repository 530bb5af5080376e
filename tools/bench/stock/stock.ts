/** `npm run bench stock`: six ways to set a piece aside, on the same database, each from a clean table. */
import { cpus } from "node:os";
import { freshDatabase, openInventory, openEndpoint, openWorld, type World } from "../world.ts";
import { measureCase } from "./case.ts";
import { atDatabase, wholeHandler } from "./ours.ts";
import { queuePerSku } from "./queue.ts";
import { redisCounter } from "./redis.ts";
import { type Case, type Goal, goalsOf, isSound, middleOf, type Row, rowsOf } from "./rules.ts";
import { openShelves, type Shelves } from "./shelf.ts";
import { conditional, forUpdate } from "./sql.ts";
import { SAYS, type Way, type WayName, WAYS } from "./ways.ts";

export const BUYERS = [1, 8, 32, 128];
const SKUS = [1, 10_000];
const WARM_MS = 500;

export type StockFlags = {
  readonly measureMs: number;
  readonly ways: readonly WayName[];
  readonly buyers: readonly number[];
};
export type StockReport = {
  readonly machine: { readonly cores: number; readonly model: string; readonly node: string };
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
  readonly isOk: boolean;
};

export const measureStock = async (
  flags: StockFlags,
  progress: (line: string) => void,
): Promise<StockReport> => {
  const world = await openWorld(progress, false);
  try {
    const url = await freshDatabase(world.stack.postgresUrl, "bench_stock");
    const shelves = openShelves(url);
    const ways: Way[] = [];
    for (const name of WAYS.filter((way) => flags.ways.includes(way))) {
      const way = await open(name, world, url);
      if (way === undefined) progress(`${SAYS[name]}: left out, there is no Redis for this machine`);
      else ways.push(way);
    }
    const cases = await measureAll(ways, shelves, { ...flags, progress });
    for (const way of ways) await way.close();
    await shelves.close();
    return reportOf(cases, flags.measureMs / 1_000);
  } finally {
    await world.stop();
  }
};

const open = async (name: WayName, world: World, url: string): Promise<Way | undefined> => {
  const { restate, redisUrl } = world.stack;
  if (name === "forUpdate") return forUpdate(url);
  if (name === "conditional") return conditional(url);
  if (name === "redis") return redisUrl === undefined ? undefined : redisCounter(redisUrl, url);
  if (name === "database") return atDatabase(url);
  if (name === "handler") return wholeHandler(await openInventory(world, url));
  await openEndpoint(world, "queue", { DATABASE_URL: url });
  return queuePerSku(restate.ingressUrl);
};

type Run = StockFlags & { readonly progress: (line: string) => void };

/** One buyer's speed is the disk's of that moment: the ways take turns, and the middle of some rounds counts. */
const ROUNDS_ALONE = 3;

/** What is compared is measured one right after the other: the machine has neighbours. */
const measureAll = async (ways: readonly Way[], shelves: Shelves, run: Run): Promise<Case[]> => {
  const cases: Case[] = [];
  for (const skus of SKUS) {
    for (const buyers of run.buyers) {
      const rounds: Case[][] = [];
      for (let round = 0; round < (buyers === 1 ? ROUNDS_ALONE : 1); round += 1)
        rounds.push(await measureRound(ways, shelves, { ...run, skus, buyers: [buyers] }));
      cases.push(...ways.flatMap((_, at) => middleOf(rounds.flatMap((round) => round[at] ?? [])) ?? []));
    }
  }
  return cases;
};

const measureRound = async (
  ways: readonly Way[],
  shelves: Shelves,
  { skus, buyers: [buyers = 1], measureMs, progress }: Run & { readonly skus: number },
): Promise<Case[]> => {
  const found: Case[] = [];
  for (const way of ways) {
    const one = await measureCase(way, shelves, { skus, buyers, pace: { warmMs: WARM_MS, measureMs } });
    progress(`${SAYS[way.name]}, ${skus} SKUs, ${buyers} buyers: ${one.perSecond} a second`);
    found.push(one);
  }
  return found;
};

const reportOf = (cases: readonly Case[], seconds: number): StockReport => ({
  machine: { cores: cpus().length, model: cpus()[0]?.model ?? "unknown", node: process.versions.node },
  seconds,
  rows: rowsOf(cases),
  goals: goalsOf(cases),
  isOk: isSound(cases),
});
