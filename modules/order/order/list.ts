import { and, desc, eq, sql } from "drizzle-orm";
import type { Order } from "@shopnexus/contracts/order/order";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { order } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { orderViews } from "./rows.ts";

/** The cursor is the last order's id; a cursor that names no order of the caller's gives an empty page. */
export const list: Step<typeof Order, "list"> = async ({ after, limit = PAGE_LIMIT }, { db, who }) => {
  const { accountId } = accountOf(who);
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${order.placedAt}, ${order.orderId}) < (select o.placed_at, o.order_id from ${order} o where o.order_id = ${after} and o.buyer_id = ${accountId})`;
  const rows = await db
    .select()
    .from(order)
    .where(and(eq(order.buyerId, accountId), isOlder))
    .orderBy(desc(order.placedAt), desc(order.orderId))
    .limit(limit + 1);
  return cutPage(await orderViews(db, rows), limit, ({ orderId }) => orderId);
};
