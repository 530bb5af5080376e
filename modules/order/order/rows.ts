/** SQL that the verbs of Order share. */
import { and, asc, eq, inArray } from "drizzle-orm";
import type { OrderView } from "@shopnexus/contracts/order/order";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Db, Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { checkout, checkoutLine, order, timeline } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { sentenceOf, type TimelineFact } from "./rules.ts";

export type CheckoutRow = typeof checkout.$inferSelect;
export type LineRow = typeof checkoutLine.$inferSelect;

/** A fact, the order that it is about (none: all of them), and what tells it from others of its kind. */
type Told = { readonly what: TimelineFact; readonly detail?: string; readonly orderId?: string };

/** Tells the timeline a fact, once. Leans on told_once. */
export const tell = async (tx: Tx | Db, checkoutId: string, fact: TimelineFact | Told): Promise<void> => {
  const { what, detail = "", orderId = null } = typeof fact === "string" ? { what: fact } : fact;
  await once(tx, timeline, { checkoutId, orderId, what, detail, says: sentenceOf(what, detail) });
};

/** One checkout of one account. Leans on the primary key. */
export const findCheckoutRow = async (
  tx: Tx | Db,
  checkoutId: string,
  accountId: string,
): Promise<CheckoutRow | undefined> => {
  const [row] = await tx
    .select()
    .from(checkout)
    .where(and(eq(checkout.checkoutId, checkoutId), eq(checkout.accountId, accountId)));
  return row;
};

/** How a checkout stands; one that nobody claimed counts as abandoned. Leans on the primary key. */
export const stateOf = async (tx: Tx | Db, checkoutId: string): Promise<CheckoutRow["state"]> => {
  const [row] = await tx
    .select({ state: checkout.state })
    .from(checkout)
    .where(eq(checkout.checkoutId, checkoutId));
  return row?.state ?? "abandoned";
};

/** The lines of a checkout in their order. Leans on one_line_a_sku. */
export const linesOf = (tx: Tx | Db, checkoutId: string): Promise<LineRow[]> =>
  tx
    .select()
    .from(checkoutLine)
    .where(eq(checkoutLine.checkoutId, checkoutId))
    .orderBy(asc(checkoutLine.position));

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
  shipping: { minor: row.shippingMinor, currency },
  source:
    row.sourceCurrency === null
      ? { minor: row.unitMinor, currency }
      : { minor: row.sourceMinor, currency: row.sourceCurrency },
  note: row.note,
  state: row.state,
  reason: row.reason,
  isBackordered: row.isBackordered,
});

export type OrderRow = typeof order.$inferSelect;

/** Orders with their lines and address, in the order given: two statements however many. Leans on one_line_a_sku. */
export const orderViews = async (db: Db, rows: readonly OrderRow[]): Promise<OrderView[]> => {
  if (rows.length === 0) return [];
  const checkoutIds = [...new Set(rows.map(({ checkoutId }) => checkoutId))];
  const [lines, checkouts] = await Promise.all([
    db
      .select()
      .from(checkoutLine)
      .where(inArray(checkoutLine.checkoutId, checkoutIds))
      .orderBy(checkoutLine.position),
    db
      .select({ checkoutId: checkout.checkoutId, address: checkout.address })
      .from(checkout)
      .where(inArray(checkout.checkoutId, checkoutIds)),
  ]);
  return rows.map((row) => {
    const address = checkouts.find(({ checkoutId }) => checkoutId === row.checkoutId)?.address;
    assert(address, "a placed checkout has an address");
    const own = lines.filter(
      ({ checkoutId, sellerId }) => checkoutId === row.checkoutId && sellerId === row.sellerId,
    );
    return {
      orderId: row.orderId,
      checkoutId: row.checkoutId,
      buyerId: row.buyerId,
      sellerId: row.sellerId,
      state: row.state,
      total: { minor: row.totalMinor, currency: row.currency },
      address,
      lines: own.map((line) => lineView(line, row.currency)),
      placedAt: instant(row.placedAt.getTime()),
    };
  });
};
