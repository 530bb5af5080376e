import { and, eq, sql } from "drizzle-orm";
import { type Attempt, AttemptRefusals, type PlacedOrder } from "@shopnexus/contracts/order/attempt";
import { money } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { checkout, checkoutLine, order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Deadlines } from "#modules/_kit/deadlines.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import {
  type CheckoutRow,
  type LineRow,
  linesOf,
  type OrderRow,
  ordersOf,
  stateOf,
  tell,
} from "../order/rows.ts";
import { bySeller } from "../order/rules.ts";
import { orderState, orderTab } from "../_kit/states.ts";

export const place: Step<typeof Attempt, "place"> = async ({ checkoutId }, { db, settings }) =>
  inTransaction(db, async (tx) => {
    const [placed] = await tx
      .update(checkout)
      .set({ state: "placed", endedAt: sql`now()` })
      .where(and(eq(checkout.checkoutId, checkoutId), eq(checkout.state, "awaiting_payment")))
      .returning();
    if (placed !== undefined) await write(tx, placed, settings.deadlines);
    const orders = await ordersOf(tx, checkoutId);
    if (orders.length === 0)
      throw refuse(AttemptRefusals.CHECKOUT_CLOSED, { state: await stateOf(tx, checkoutId) });
    const lines = await linesOf(tx, checkoutId);
    return { orders: orders.map((row) => placedOrder(row, lines, settings.deadlines)) };
  });

const placedOrder = (row: OrderRow, lines: readonly LineRow[], { confirmMs }: Deadlines): PlacedOrder => ({
  orderId: row.orderId,
  sellerId: row.sellerId,
  total: money(row.totalMinor, row.currency),
  items: lines
    .filter(({ sellerId }) => sellerId === row.sellerId)
    .map(({ skuId, title, pieces, isBackordered }) => ({ skuId, title, pieces, isBackordered })),
  confirmUntil: instant(row.placedAt.getTime() + confirmMs),
});

const write = async (tx: Tx, placed: CheckoutRow, deadlines: Deadlines): Promise<void> => {
  const { checkoutId, accountId, currency } = placed;
  assert(currency !== null, "an opened checkout has a currency");
  for (const { sellerId, lines } of bySeller(await linesOf(tx, checkoutId))) {
    const orderId = deriveId("ord", checkoutId, sellerId);
    const group = placed.groups?.find((one) => one.sellerId === sellerId);
    const total = lines.reduce((sum, line) => sum + line.totalMinor + line.shippingMinor, 0);
    const placedLines = lines.map((line) => ({
      state: line.isBackordered ? ("backordered" as const) : ("paid" as const),
      resumeState: null,
    }));
    await tx.insert(order).values({
      orderId,
      checkoutId,
      buyerId: accountId,
      sellerId,
      state: orderState(placedLines),
      tab: orderTab(placedLines, 0),
      totalMinor: total,
      shippingMinor: lines.reduce((sum, line) => sum + line.shippingMinor, 0),
      currency,
      carrier: group?.carrier ?? null,
      service: group?.service ?? null,
      from: group?.from ?? null,
      sellerCurrency: group?.sellerCurrency ?? currency,
      sellerRate: group?.sellerRate ?? "1",
    });
    await payLines(tx, { checkoutId, sellerId, orderId }, deadlines);
  }
  await tell(tx, checkoutId, "orders_placed");
};

/** What was paid for a line is in escrow from here on; the seller's turn begins, or the wait for stock. */
const payLines = async (
  tx: Tx,
  { checkoutId, sellerId, orderId }: { checkoutId: string; sellerId: string; orderId: string },
  { confirmMs, backorderMs }: Deadlines,
): Promise<void> => {
  const paid = sql`${checkoutLine.totalMinor} + ${checkoutLine.shippingMinor}`;
  await tx
    .update(checkoutLine)
    .set({
      orderId,
      state: sql`case when ${checkoutLine.isBackordered} then 'backordered' else 'paid' end`,
      stateAt: sql`now()`,
      dueAt: sql`now() + make_interval(secs => case when ${checkoutLine.isBackordered} then ${backorderMs}::float8 else ${confirmMs}::float8 end / 1000)`,
      paidMinor: paid,
      escrowMinor: paid,
    })
    .where(and(eq(checkoutLine.checkoutId, checkoutId), eq(checkoutLine.sellerId, sellerId)));
};
