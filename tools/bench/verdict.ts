/** Speed counts only if nothing is wrong: ledger, stock and the gateway's money, after the load. */
import { setTimeout as sleep } from "node:timers/promises";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import postgres from "postgres";
import { insider } from "#tools/testkit/people.ts";
import type { BenchShop } from "./world.ts";

export type Verdict = {
  readonly orders: number;
  readonly placedMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** Checkouts that are neither placed nor called off. */
  readonly unfinished: number;
  readonly unbalancedEntries: number;
  readonly driftedAccounts: number;
  readonly driftedLevels: number;
  readonly isClean: boolean;
};

/** Events may still be on their way when the last buyer has gone. */
const SETTLE_WAIT_MS = 20_000;
const LOOK_MS = 200;

export const judge = async (shop: BenchShop): Promise<Verdict> => {
  const sql = postgres(shop.databaseUrl, { max: 1 });
  try {
    const unfinished = await settled(sql);
    const [placed] = await sql<{ orders: number; minor: number }[]>`
      select count(*)::int as orders, coalesce(sum(total_minor), 0)::float8 as minor from "order"."order"`;
    const tools = await insider(shop);
    const [ledger, stock] = [await tools.call(Wallet).audit({}), await tools.call(Stock).audit({})];
    const response = await fetch(`${shop.sandboxUrl}/sandbox/state`);
    const { captured, refunded } = (await response.json()) as Record<
      "captured" | "refunded",
      Record<string, number>
    >;
    const found = {
      orders: placed?.orders ?? 0,
      placedMinor: placed?.minor ?? 0,
      capturedMinor: captured["usd"] ?? 0,
      refundedMinor: refunded["usd"] ?? 0,
      unfinished,
      unbalancedEntries: ledger.unbalanced.length,
      driftedAccounts: ledger.drifted.length,
      driftedLevels: stock.drifted.length,
    };
    return { ...found, isClean: isClean(found) };
  } finally {
    await sql.end();
  }
};

const isClean = (found: Omit<Verdict, "isClean">): boolean =>
  found.placedMinor === found.capturedMinor &&
  [
    found.refundedMinor,
    found.unfinished,
    found.unbalancedEntries,
    found.driftedAccounts,
    found.driftedLevels,
  ].every((count) => count === 0);

const settled = async (sql: postgres.Sql): Promise<number> => {
  const deadlineMs = Date.now() + SETTLE_WAIT_MS;
  for (;;) {
    const [row] = await sql<{ count: number }[]>`
      select count(*)::int as count from "order".checkout where state in ('claimed', 'awaiting_payment')`;
    if (row?.count === 0 || Date.now() > deadlineMs) return row?.count ?? 0;
    await sleep(LOOK_MS);
  }
};
