/** Whole lives of orders, from checkout to the seller's payout, with carriers that take no time. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import postgres, { type Sql } from "postgres";
import { readConfig } from "#app/config.ts";
import { audit } from "#tools/audit/audit.ts";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { banked } from "#tools/testkit/earners.ts";
import type { Progress } from "#tools/dev/progress.ts";
import { type BenchShop, openBenchShop, type World } from "./world.ts";

const AT_ONCE = 8;
const WARM_LIVES = 8;
const LIFE_WAIT_MS = 60_000;

export type Lives = {
  readonly atOnce: number;
  readonly lives: number;
  readonly perMinute: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** For one life: attempts at durable handlers, clocks included, and transactions of the database. */
  readonly invocations: number;
  readonly transactions: number;
  readonly isClean: boolean;
};

type Pair = { mai: Buyer; an: Seller; goods: Goods };

export const measureLives = async (world: World, progress: Progress, measureMs: number): Promise<Lives> => {
  const shop = await openBenchShop(world, "lives", "on");
  const sql = postgres(shop.databaseUrl, { max: 4, onnotice: () => undefined });
  try {
    progress(`whole lives: ${AT_ONCE} at once`);
    const pairs: Pair[] = [];
    for (let at = 0; at < AT_ONCE; at++) pairs.push(await pairOf(shop));
    await Promise.all(pairs.map((pair) => life(shop, sql, pair)));
    for (let at = 0; at < WARM_LIVES; at++) await Promise.all(pairs.map((pair) => life(shop, sql, pair)));
    const before = await countsOf(shop, sql);
    const tookMs: number[] = [];
    const beganMs = performance.now();
    await Promise.all(
      pairs.map(async (pair) => {
        while (performance.now() - beganMs < measureMs) {
          const from = performance.now();
          await life(shop, sql, pair);
          tookMs.push(performance.now() - from);
        }
      }),
    );
    const minutes = (performance.now() - beganMs) / 60_000;
    const after = await countsOf(shop, sql);
    const each = (name: keyof typeof after) => Math.round((after[name] - before[name]) / tookMs.length);
    const sorted = tookMs.toSorted((one, other) => one - other);
    return {
      atOnce: AT_ONCE,
      lives: tookMs.length,
      perMinute: Math.round(tookMs.length / minutes),
      p50Ms: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
      p99Ms: Math.round(sorted[Math.floor(sorted.length * 0.99)] ?? 0),
      invocations: each("invocations"),
      transactions: each("transactions"),
      isClean: await isClean(shop),
    };
  } finally {
    await sql.end();
    await shop.stop();
  }
};

const pairOf = async (shop: BenchShop): Promise<Pair> => {
  const [mai, an] = await Promise.all([buyer(shop), seller(shop)]);
  await banked(an, "USD");
  return { mai, an, goods: await an.offer(2_500, 1_000_000) };
};

const life = async (shop: BenchShop, sql: Sql, { mai, an, goods }: Pair): Promise<void> => {
  const opened = await checkOut(mai, basketOf(mai, [goods]));
  await payInBrowser(shop.sandboxUrl, opened);
  const placed = await mai.call(Checkout, opened.checkoutId).look({});
  const orderId = placed.orderIds[0] ?? "";
  await an.call(Fulfilment, orderId).confirm({});
  await until(async () => {
    const [row] = await sql`
      select state, escrow_minor::int as escrow from "order".checkout_line where order_id = ${orderId}`;
    return row?.["state"] === "fulfilled" && row["escrow"] === 0;
  });
  const { payoutId } = await an
    .call(Earnings)
    .withdraw({ requestKey: randomUUID(), amount: { minor: 2_000, currency: "USD" } });
  await until(async () => {
    const [row] = await sql`select state from "order".payout where payout_id = ${payoutId}`;
    return row?.["state"] === "sent";
  });
};

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const endMs = Date.now() + LIFE_WAIT_MS;
  while (!(await isSo())) {
    if (Date.now() > endMs) throw new Error("a life did not come to its end");
    await sleep(25);
  }
};

/** By the product's own count of attempts, and the database's of commits. */
const countsOf = async (shop: BenchShop, sql: Sql) => {
  const text = await (await fetch(`${shop.edgeUrl}/metrics`)).text();
  const counts = [...text.matchAll(/^shopnexus_attempt_seconds_count\{[^}]*\} (\d+)$/gm)];
  const invocations = counts.reduce((sum, [, count]) => sum + Number(count), 0);
  await sql`select pg_stat_clear_snapshot()`;
  const [row] = await sql<{ n: number }[]>`
    select xact_commit::float8 as n from pg_stat_database where datname = current_database()`;
  return { invocations, transactions: row?.n ?? 0 };
};

const isClean = async ({ databaseUrl: url, environment }: BenchShop): Promise<boolean> => {
  const { settings } = readConfig({ ...environment, SERVICES: "*" });
  const report = await audit({
    databaseUrls: { account: url, order: url, inventory: url },
    stripe: settings.stripe,
  });
  return report.ok;
};
