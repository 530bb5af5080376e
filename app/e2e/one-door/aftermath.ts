/** What a storm left behind, and whether it is all of a sale or nothing. */
import { setTimeout as sleep } from "node:timers/promises";
import { keptFor } from "#tools/testkit/gateway.ts";
import type { TestShop } from "#tools/testkit/shop.ts";
import type { Storm } from "./storm.ts";

export type Aftermath = {
  readonly state: string;
  readonly orders: number;
  readonly ordered: number;
  /** Intents at the gateway that name this checkout. */
  readonly intents: number;
  /** Received less refunded, over all of them. */
  readonly kept: number;
  readonly sold: number;
  readonly held: number;
  readonly escrow: number;
};

const END_WAIT_MS = 60_000;

/** Waits until the run has ended, however often the app was killed on the way. */
export const ended = async (shop: TestShop, { checkoutId, seed }: Storm): Promise<void> => {
  const deadlineMs = Date.now() + END_WAIT_MS;
  for (;;) {
    const { status } = await fetch(`${shop.ingressUrl}/restate/workflow/Checkout/${checkoutId}/output`);
    // 470: still running. 404: never begun, as when the buyer gave up before the first answer.
    if (status !== 470) return;
    if (Date.now() > deadlineMs)
      throw new Error(`seed ${seed}: ${checkoutId} did not end within ${END_WAIT_MS} ms`);
    await sleep(50);
  }
};

export const aftermathOf = async (shop: TestShop, storm: Storm): Promise<Aftermath> => {
  const { checkoutId, goods } = storm;
  const { sql } = shop;
  const skuIds = goods.map(({ skuId }) => skuId);
  const [checkout] = await sql`select state from "order".checkout where checkout_id = ${checkoutId}`;
  const [orders] =
    await sql`select count(*)::int as n, coalesce(sum(total_minor), 0)::int as minor from "order"."order" where checkout_id = ${checkoutId}`;
  const [level] =
    await sql`select sum(held)::int as held, sum(sold)::int as sold from inventory.level where sku_id in ${sql(skuIds)}`;
  const [escrow] =
    await sql`select coalesce(sum(minor), 0)::int as minor from account.entry_line join account.entry using (entry_id)
    where reference = ${checkoutId} and account like 'escrow:%'`;
  return {
    state: String(checkout?.["state"] ?? "never"),
    orders: orders?.["n"],
    ordered: orders?.["minor"],
    ...(await keptFor(shop, checkoutId)),
    sold: level?.["sold"],
    held: level?.["held"],
    escrow: escrow?.["minor"],
  };
};
