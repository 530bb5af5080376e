/** SQL that the verbs of Order share. */
import { and, asc, eq } from "drizzle-orm";
import { OrderRefusals } from "@shopnexus/contracts/order/order";
import type { TimelineEntry } from "@shopnexus/contracts/order/purchase";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Db, Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { checkout, checkoutLine, order } from "#db/order/tables.ts";
import { timeline } from "#db/order/timeline.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
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

/** What somebody is to an order. Operators see all of it. */
export type Viewer = "buyer" | "seller" | "operator";

/** An order, and what the caller is to it; whoever is nothing to it learns nothing. Leans on the primary key. */
export const findOrder = async (
  { db, who }: Pick<StepScene, "db" | "who">,
  orderId: string,
): Promise<{ row: OrderRow; viewer: Viewer }> => {
  const { accountId, roles } = accountOf(who);
  const [row] = await db.select().from(order).where(eq(order.orderId, orderId));
  if (row?.buyerId === accountId) return { row, viewer: "buyer" };
  if (row?.sellerId === accountId) return { row, viewer: "seller" };
  if (row === undefined || !roles.includes("operator")) throw refuse(OrderRefusals.ORDER_UNKNOWN, {});
  return { row, viewer: "operator" };
};

export const toldView = (fact: typeof timeline.$inferSelect, viewer: Viewer): TimelineEntry => ({
  at: instant(fact.at.getTime()),
  what: fact.what,
  says: fact.says,
  orderId: fact.orderId,
  detail: viewer === "operator" && fact.detail !== "" ? fact.detail : null,
});
