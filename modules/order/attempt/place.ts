import { and, eq, sql } from "drizzle-orm";
import { type Attempt, AttemptRefusals } from "@shopnexus/contracts/order/attempt";
import { money, sum } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { checkout, order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { type CheckoutRow, linesOf, ordersOf, stateOf, tell } from "../order/rows.ts";
import { bySeller } from "../order/rules.ts";

export const place: Step<typeof Attempt, "place"> = async ({ checkoutId }, { db }) =>
  inTransaction(db, async (tx) => {
    const [placed] = await tx
      .update(checkout)
      .set({ state: "placed", endedAt: sql`now()` })
      .where(and(eq(checkout.checkoutId, checkoutId), eq(checkout.state, "awaiting_payment")))
      .returning();
    if (placed !== undefined) await write(tx, placed);
    const orders = await ordersOf(tx, checkoutId);
    if (orders.length === 0)
      throw refuse(AttemptRefusals.CHECKOUT_CLOSED, { state: await stateOf(tx, checkoutId) });
    return {
      orders: orders.map(({ orderId, sellerId, totalMinor, currency }) => ({
        orderId,
        sellerId,
        total: money(totalMinor, currency),
      })),
    };
  });

const write = async (tx: Tx, { checkoutId, accountId, currency }: CheckoutRow): Promise<void> => {
  assert(currency !== null, "an opened checkout has a currency");
  const lines = await linesOf(tx, checkoutId);
  const orders = bySeller(lines).map(({ sellerId, lines: own }) => ({
    orderId: deriveId("ord", checkoutId, sellerId),
    checkoutId,
    buyerId: accountId,
    sellerId,
    state: "paid" as const,
    totalMinor: sum(
      own.map((line) => money(line.totalMinor, currency)),
      currency,
    ).minor,
    currency,
  }));
  await tx.insert(order).values(orders);
  await tell(tx, checkoutId, "orders_placed");
};
