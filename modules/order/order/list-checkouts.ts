import { and, desc, eq, sql } from "drizzle-orm";
import type { Order } from "@shopnexus/contracts/order/order";
import type { CheckoutSummary } from "@shopnexus/contracts/order/purchase";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { instant } from "@shopnexus/contracts/kit/time";
import { checkout, checkoutLine, order } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import type { CheckoutRow } from "./rows.ts";

/** The cursor is the last checkout's id; one of somebody else's gives an empty page. Leans on checkouts_of_account. */
export const listCheckouts: Step<typeof Order, "listCheckouts"> = async (
  { state, after, limit = PAGE_LIMIT },
  { db, who },
) => {
  const { accountId } = accountOf(who);
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${checkout.claimedAt}, ${checkout.checkoutId}) < (select c.claimed_at, c.checkout_id from ${checkout} c where c.checkout_id = ${after} and c.account_id = ${accountId})`;
  const rows = await db
    .select({ own: checkout, lines: LINES, orderIds: ORDER_IDS })
    .from(checkout)
    .where(and(eq(checkout.accountId, accountId), state && eq(checkout.state, state), isOlder))
    .orderBy(desc(checkout.claimedAt), desc(checkout.checkoutId))
    .limit(limit + 1);
  const { items, ...rest } = cutPage(rows, limit, ({ own }) => own.checkoutId);
  return { items: items.map(summary), ...rest };
};

// Named in full: inside a subquery a bare name would be the inner table's.
const ID = sql.raw('"checkout"."checkout_id"');

/** Leans on one_line_a_sku. */
const LINES = sql<CheckoutSummary["lines"]>`(
  select coalesce(json_agg(json_build_object(
    'lineId', l.line_id, 'skuId', l.sku_id, 'title', l.title, 'pieces', l.pieces) order by l.position), '[]')
  from ${checkoutLine} l where l.checkout_id = ${ID})`;

/** Leans on one_order_a_seller. */
const ORDER_IDS = sql<string[]>`(
  select coalesce(json_agg(o.order_id order by o.order_id), '[]') from ${order} o where o.checkout_id = ${ID})`;

type Row = { own: CheckoutRow } & Pick<CheckoutSummary, "lines" | "orderIds">;

const summary = ({ own, lines, orderIds }: Row): CheckoutSummary => ({
  checkoutId: own.checkoutId,
  state: own.state,
  refused: own.refused,
  total: own.totalMinor === null ? null : { minor: own.totalMinor, currency: own.currency ?? "" },
  lines,
  windowEndsAt: own.windowEndsAt === null ? null : instant(own.windowEndsAt.getTime()),
  claimedAt: instant(own.claimedAt.getTime()),
  orderIds,
});
