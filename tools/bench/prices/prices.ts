/**
 * `npm run bench -- --only prices`: what a price costs while many promotions run, of the same promotions of many kinds two
 * things. `engine`: everything but the statement, over rows that were read before, the first 200 of those that match. `whole`: Quote/price in this process,
 * its statement and Postgres's answer included; the ingress and the wire to a caller are in neither.
 */
import type { QuoteView } from "@shopnexus/contracts/promotion/quote";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { loadBoards } from "#app/modules.ts";
import { type Db, openDatabase } from "#db/_kit/database.ts";
import { migrateModule } from "#db/_kit/migrate.ts";
import { projectRoot, startStack } from "#tools/dev/stack.ts";
import { type Field, fill, freshBasket, LINE_COUNT } from "./promotions.ts";
import { clockOf, timed } from "./clock.ts";
import { type JudgedBy, type PriceRow, rowOf } from "./rules.ts";

const FIELDS: readonly Field[] = [
  { running: 1_000, matching: 20 },
  { running: 1_000, matching: 1_000 },
  { running: 10_000, matching: 20 },
];
const [ROUND_COUNT, PRICE_COUNT] = [3, 500];

export type PriceReport = {
  readonly machine: { readonly cores: number; readonly model: string; readonly node: string };
  readonly lines: number;
  readonly judgedBy: JudgedBy;
  readonly rows: readonly PriceRow[];
  readonly isOk: boolean;
};

/** On servers of its own, in a database that nobody else uses. */
export const measurePrices = async (progress: (line: string) => void): Promise<PriceReport> => {
  const [load = 0] = loadavg();
  const [cores, model] = [cpus().length, cpus()[0]?.model ?? "unknown"];
  const judgedBy = load > cores / 2 ? "cpu" : "wall";
  const stack = await startStack({ dir: join(projectRoot, ".shopnexus", "bench-prices"), progress });
  try {
    const name = `prices_${Date.now()}`;
    const owner = postgres(stack.postgresUrl, { max: 1 });
    await owner.unsafe(`create database ${name}`);
    await owner.end();
    const url = Object.assign(new URL(stack.postgresUrl), { pathname: `/${name}` }).toString();
    const rows = await priceAll(url, {
      rounds: ROUND_COUNT,
      prices: PRICE_COUNT,
      judgedBy,
      progress,
    });
    const machine = { cores, model, node: process.versions.node };
    const isOk = rows.every(({ isWithin }) => isWithin !== false);
    return { machine, lines: LINE_COUNT, judgedBy, rows, isOk };
  } finally {
    await stack.stop();
  }
};

type How = {
  readonly rounds: number;
  /** In each round, and half as many before the first. */
  readonly prices: number;
  readonly judgedBy: JudgedBy;
  readonly progress: (line: string) => void;
};

/** One connection, so that its CPU can be read. */
export const priceAll = async (
  databaseUrl: string,
  { rounds, prices, judgedBy, progress }: How,
): Promise<PriceRow[]> => {
  await migrateModule(databaseUrl, "promotion");
  const { db, close } = openDatabase(databaseUrl, { name: "bench", poolSize: 1 });
  const clock = await clockOf(db);
  const price = await priceHandler();
  const rows: PriceRow[] = [];
  for (const field of FIELDS) {
    progress(`prices: ${field.running} running, ${field.matching} aimed at the basket`);
    const basket = freshBasket(Date.now());
    await fill(db, basket, field);
    const read = await readBefore(db, (spy) => price(basket, spy));
    const engine = await timed(() => price(basket, read), { rounds, prices, clock });
    const whole = await timed(() => price(basket, db), { rounds, prices, clock });
    rows.push(rowOf("engine", field, { ...engine, judgedBy }), rowOf("whole", field, { ...whole, judgedBy }));
  }
  await close();
  return rows;
};

const priceHandler = async () => {
  const [board] = await loadBoards(["promotion"]);
  const price = board?.components.find(({ contract }) => contract.name === "Quote")?.handlers["price"];
  if (price === undefined) throw new Error("the board of promotion has Quote/price");
  return async (basket: object, db: Pick<Db, "execute">) => (await price(basket, { db })) as QuoteView;
};

type Reading = Pick<Db, "execute">;

/** A database that answers with what it was asked before. */
const readBefore = async (db: Db, ask: (spy: Reading) => Promise<unknown>): Promise<Reading> => {
  const answers: unknown[] = [];
  const spy = async (statement: Parameters<Db["execute"]>[0]) => {
    const rows = await db.execute(statement);
    answers.push(rows);
    return rows;
  };
  await ask({ execute: spy as unknown as Db["execute"] });
  const [first, ...others] = answers;
  if (others.length > 0) throw new RangeError("a basket without codes is one statement");
  return { execute: (async () => first) as unknown as Db["execute"] };
};
