/** SQL that the verbs of Order share. */
import { and, asc, eq } from "drizzle-orm";
import type { CheckoutView } from "@shopnexus/contracts/order/checkout";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Db, Tx } from "#db/_kit/database.ts";
import { charge, checkout, checkoutLine, order, timeline } from "#db/order/tables.ts";
import { paymentOf } from "../charge/rows.ts";
import { sentenceOf, type TimelineFact } from "./rules.ts";

export type CheckoutRow = typeof checkout.$inferSelect;
export type LineRow = typeof checkoutLine.$inferSelect;

/** Tells the timeline a fact, once. Leans on told_once. */
export const tell = async (tx: Tx | Db, checkoutId: string, what: TimelineFact, detail = ""): Promise<void> => {
  await tx.insert(timeline).values({ checkoutId, what, detail, says: sentenceOf(what, detail) }).onConflictDoNothing();
};

/** One checkout of one account. Leans on the primary key. */
export const findCheckoutRow = async (tx: Tx | Db, checkoutId: string, accountId: string): Promise<CheckoutRow | undefined> => {
  const [row] = await tx
    .select()
    .from(checkout)
    .where(and(eq(checkout.checkoutId, checkoutId), eq(checkout.accountId, accountId)));
  return row;
};

/** The lines of a checkout in their order. Leans on one_line_a_sku. */
export const linesOf = (tx: Tx | Db, checkoutId: string): Promise<LineRow[]> =>
  tx.select().from(checkoutLine).where(eq(checkoutLine.checkoutId, checkoutId)).orderBy(asc(checkoutLine.position));

/** The orders of a checkout, by id. Leans on one_order_a_seller. */
export const ordersOf = (tx: Tx | Db, checkoutId: string) =>
  tx.select().from(order).where(eq(order.checkoutId, checkoutId)).orderBy(asc(order.orderId));

export const lineView = (row: LineRow, currency: string) => ({
  lineId: row.lineId,
  skuId: row.skuId,
  listingId: row.listingId,
  sellerId: row.sellerId,
  title: row.title,
  pieces: row.pieces,
  unitPrice: { minor: row.unitMinor, currency },
  discount: { minor: row.discountMinor, currency },
  total: { minor: row.totalMinor, currency },
});

/** Everything the buyer may know of a checkout. */
export const viewOf = async (db: Db, row: CheckoutRow): Promise<CheckoutView> => {
  const { checkoutId } = row;
  const currency = row.currency ?? "";
  const [lines, orders, [payment]] = await Promise.all([
    linesOf(db, checkoutId),
    ordersOf(db, checkoutId),
    db.select().from(charge).where(eq(charge.checkoutId, checkoutId)),
  ]);
  return {
    checkoutId,
    state: row.state,
    refused: row.refused,
    total: row.totalMinor === null ? null : { minor: row.totalMinor, currency },
    address: row.address,
    lines: lines.map((line) => lineView(line, currency)),
    payment: payment === undefined ? null : paymentOf(payment),
    windowEndsAt: row.windowEndsAt === null ? null : instant(row.windowEndsAt.getTime()),
    orderIds: orders.map(({ orderId }) => orderId),
  };
};
