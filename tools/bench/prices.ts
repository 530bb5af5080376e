/** What a price costs while many promotions run: with the number that touch the basket, and not with the number of all. */
import { freshId } from "@shopnexus/contracts/kit/id";
import type { In } from "@shopnexus/contracts/kit/contract";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import type { Quote, QuoteView } from "@shopnexus/contracts/promotion/quote";
import { sql } from "drizzle-orm";
import { join } from "node:path";
import postgres from "postgres";
import { loadBoards } from "#app/modules.ts";
import { type Db, openDatabase } from "#db/_kit/database.ts";
import { migrateModule } from "#db/_kit/migrate.ts";
import { promotion, promotionTarget } from "#db/promotion/tables.ts";
import { projectRoot, startStack } from "#tools/dev/stack.ts";
import { percentile } from "./rules.ts";

const LINE_COUNT = 20;
const WARM_UP_COUNT = 100;
const ROUND_COUNT = 1_000;
/** The most that one price may take, of a hundred ninety-nine. */
const P99_MS_MAX = 5;

type Basket = In<typeof Quote, "price">;
/** How many promotions run, and how many of them are aimed at the basket. */
type Field = { readonly active: number; readonly matching: number };
type PriceCost = Field & { readonly p50Ms: number; readonly p99Ms: number; readonly applied: number };

const FIELDS: readonly Field[] = [
  { active: 1_000, matching: 20 },
  { active: 10_000, matching: 20 },
  { active: 10_000, matching: 200 },
];

/** Measures in a database of promotions that nobody else uses. */
export const measurePrices = async (databaseUrl: string): Promise<PriceCost[]> => {
  await migrateModule(databaseUrl, "promotion");
  const database = openDatabase(databaseUrl, { name: "bench" });
  const [board] = await loadBoards(["promotion"]);
  const price = board?.components.find(({ contract }) => contract.name === "Quote")?.handlers["price"];
  if (price === undefined) throw new Error("the board of promotion has Quote/price");
  const costs: PriceCost[] = [];
  for (const field of FIELDS) {
    const basket = await fill(database.db, field);
    const ask = async () => (await price(basket, { db: database.db })) as QuoteView;
    costs.push({ ...field, ...(await timed(ask)) });
  }
  await database.close();
  return costs;
};

const fill = async (db: Db, { active, matching }: Field): Promise<Basket> => {
  await db.execute(sql`truncate promotion.promotion cascade`);
  const lines = Array.from({ length: LINE_COUNT }, () => ({
    skuId: freshId("sku"),
    sellerId: freshId("acc"),
    unitPrice: { minor: 10_000, currency: "USD" },
    pieces: 2,
  }));
  const now = Date.now();
  const endsAt = new Date(now + DAY_MS);
  const aims = Array.from({ length: active }, (_, at) => ({
    promotionId: freshId("prm"),
    skuId: at < matching ? (lines[at % LINE_COUNT]?.skuId ?? "") : freshId("sku"),
  }));
  for (let from = 0; from < active; from += 1_000) {
    const some = aims.slice(from, from + 1_000);
    await db.insert(promotion).values(
      some.map(({ promotionId }) => ({
        promotionId,
        createdBy: "bench",
        name: "Bench",
        discountKind: "percent" as const,
        discountBasisPoints: 100,
        paidBy: "platform" as const,
        currency: "USD",
        priority: 100,
        budgetMinor: 1_000_000,
        startsAt: new Date(now - DAY_MS),
        endsAt,
      })),
    );
    const targets = some.map(({ promotionId, skuId }) => ({ promotionId, key: `sku:${skuId}` }));
    await db.insert(promotionTarget).values(targets.map((row) => ({ ...row, isAutomatic: true, endsAt })));
  }
  await db.execute(sql`analyze promotion.promotion, promotion.promotion_target`);
  return { currency: "USD", at: instant(now), lines, codes: [] };
};

/** The cost of one price, after some to warm up. */
export const timed = async (ask: () => Promise<QuoteView>) => {
  for (let round = 0; round < WARM_UP_COUNT; round++) await ask();
  const times: number[] = [];
  let applied = 0;
  for (let round = 0; round < ROUND_COUNT; round++) {
    const begun = performance.now();
    applied = (await ask()).applied.length;
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  return { p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99), applied };
};

const tellPrices = (costs: readonly PriceCost[]): string =>
  [
    `${LINE_COUNT} lines, ${ROUND_COUNT} prices each, queries included; at most ${P99_MS_MAX} ms are allowed with 1,000 running`,
    ...costs.map(
      ({ active, matching, applied, p50Ms, p99Ms }) =>
        `${active} running, ${matching} aimed at the basket, ${applied} applied: p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`,
    ),
  ].join("\n");

if (import.meta.main) {
  const stack = await startStack({
    dir: join(projectRoot, ".shopnexus", "bench-prices"),
    progress: console.log,
  });
  const name = `prices_${Date.now()}`;
  const owner = postgres(stack.postgresUrl, { max: 1 });
  await owner.unsafe(`create database ${name}`);
  await owner.end();
  const costs = await measurePrices(
    Object.assign(new URL(stack.postgresUrl), { pathname: `/${name}` }).toString(),
  );
  console.log(tellPrices(costs));
  await stack.stop();
  process.exitCode = (costs[0]?.p99Ms ?? 0) < P99_MS_MAX ? 0 : 1;
}
