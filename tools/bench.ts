/**
 * How fast the shop is on this machine, and what the time is spent on. Everything runs here, on the loopback:
 *
 *     npm run bench                          buyers at 1, 8 and 32, fused and not; no-op handlers; memory
 *     npm run bench -- --seconds 30          longer runs, steadier numbers
 *     npm run bench -- --only buyers|noop|memory|lives|books
 *     npm run bench -- --only drops          the door of a sold-out drop, and constant answers of the same process
 *     npm run bench stock                    six ways to set a piece aside, at 1, 8, 32 and 128 buyers; two seconds a case
 *     npm run bench stock -- --seconds 5 [--ways forUpdate,database] [--buyers 32,128]
 *     npm run bench -- --only prices         what a price costs while 1,000 promotions run: the engine alone, and with its SQL
 *     npm run bench -- --profile [--at 8]    fused only: statements, journal entries and functions for one path
 *     npm run bench -- --json                one JSON object
 *
 * Servers, sandbox, product and load generator are processes of their own, started in .shopnexus/bench. Exits with 1
 * when a path failed, when a drop's door is too slow, or when ledger, stock and the gateway's money do not agree afterwards. Needs Linux: CPU and
 * memory are the kernel's own figures.
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { measureBooks } from "./bench/books.ts";
import { measureDrops } from "./bench/drops.ts";
import { measureLives } from "./bench/lives.ts";
import { type Measured, measure } from "./bench/measure.ts";
import { measurePrices } from "./bench/prices/prices.ts";
import { tellPrices } from "./bench/prices/tell.ts";
import { type Buyers, type Findings, reportOf } from "./bench/report.ts";
import { type Bench, emptyPlan, type Sale, sell } from "./bench/sale.ts";
import { BUYERS, measureStock, type StockFlags } from "./bench/stock/stock.ts";
import { tellStock } from "./bench/stock/tell.ts";
import { WAYS } from "./bench/stock/ways.ts";
import { tell } from "./bench/tell.ts";
import { openNoop, openWorld, pidsOf } from "./bench/world.ts";

const AT_ONCE = [1, 8, 32];
const WARM_MS = 5_000;
const KINDS = ["buyers", "noop", "memory", "lives", "books", "stock", "prices", "drops"] as const;
const [SECONDS, STOCK_SECONDS] = ["10", "2"];

type Kind = (typeof KINDS)[number];
type Flags = {
  readonly isJson: boolean;
  readonly isProfiled: boolean;
  readonly measureMs: number;
  readonly only: Kind | undefined;
  readonly atOnce: number;
  readonly stock: Pick<StockFlags, "ways" | "buyers">;
};

const readFlags = (): Flags => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      seconds: { type: "string" },
      at: { type: "string", default: "8" },
      only: { type: "string" },
      ways: { type: "string", default: WAYS.join() },
      buyers: { type: "string", default: BUYERS.join() },
    },
  });
  const asked = positionals[0] ?? values.only;
  const only = KINDS.find((kind) => kind === asked);
  const seconds = Number(values.seconds ?? (only === "stock" ? STOCK_SECONDS : SECONDS));
  const atOnce = Number(values.at);
  const stock = { ways: waysIn(values.ways), buyers: buyersIn(values.buyers) };
  if (!(seconds >= 1 && seconds <= 120)) throw new Error("--seconds is a number from 1 to 120.");
  if (!Number.isInteger(atOnce) || atOnce < 1 || atOnce > 64)
    throw new Error("--at is a number from 1 to 64.");
  if (positionals.length > 1 || (asked !== undefined && only === undefined))
    throw new Error(`What is measured is one of ${KINDS.join(", ")}.`);
  return { isJson: values.json, isProfiled: values.profile, measureMs: seconds * 1_000, only, atOnce, stock };
};

const waysIn = (text: string): StockFlags["ways"] => {
  const names = text.split(",");
  if (names.some((name) => !WAYS.some((way) => way === name)))
    throw new Error(`--ways is a list of ${WAYS.join(", ")}.`);
  return WAYS.filter((way) => names.includes(way));
};

const buyersIn = (text: string): number[] => {
  const counts = text.split(",").map(Number);
  if (counts.some((count) => !Number.isInteger(count) || count < 1 || count > 512))
    throw new Error("--buyers is a list of numbers from 1 to 512.");
  return counts;
};

const findingsOf = async (bench: Bench, { only, isProfiled, atOnce }: Flags): Promise<Findings> => {
  const { world, pace, progress } = bench;
  const lives = () => measureLives(world, progress, pace.measureMs);
  if (only === "lives") return { lives: await lives() };
  if (only === "drops") return { drops: await measureDrops(world, progress, pace.measureMs) };
  if (only === "books") return { books: await measureBooks(world, progress) };
  if (isProfiled || only === "memory") return sold(await sell(bench, "on", [atOnce]));
  const noop = only === "buyers" ? undefined : await doNothing(bench);
  if (only === "noop") return noop === undefined ? {} : { noop };
  const fused = await sell(bench, "on", AT_ONCE);
  const unfused = await sell(bench, "off", AT_ONCE);
  const sales = { ...sold(fused, unfused), ...(noop && { noop }) };
  if (only !== undefined) return sales;
  const drops = await measureDrops(world, progress, pace.measureMs);
  return { ...sales, drops, lives: await lives(), books: await measureBooks(world, progress) };
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

const mainStock = async ({ isJson, measureMs, stock }: Flags): Promise<void> => {
  const report = await measureStock({ measureMs, ...stock }, (line) => console.error(line));
  console.log(isJson ? JSON.stringify(report) : tellStock(report));
  if (!report.isOk) process.exitCode = 1;
};

const mainPrices = async ({ isJson }: Flags): Promise<void> => {
  const report = await measurePrices((line) => console.error(line));
  console.log(isJson ? JSON.stringify(report) : tellPrices(report));
  if (!report.isOk) process.exitCode = 1;
};

const main = async (flags: Flags): Promise<void> => {
  if (flags.only === "stock") return mainStock(flags);
  if (flags.only === "prices") return mainPrices(flags);
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
