/** SQL of orders by page and by tab, for whoever bought and for whoever sold them. */
import { and, desc, eq, sql } from "drizzle-orm";
import { OrderTab, TAB_COUNT_MAX } from "@shopnexus/contracts/order/purchase";
import type { Db } from "#db/_kit/database.ts";
import { order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { OrderRow } from "../order/rows.ts";

/** Whose orders, and as what. */
export type Whose = { readonly side: "buyer" | "seller"; readonly accountId: string };
type Place = {
  readonly tab?: OrderTab | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
};

/**
 * Newest first. The cursor is an order's id; one that names no order of theirs gives an empty page. Its tab may have
 * changed since. Leans on orders_of_buyer_by_tab and orders_of_buyer, or those of the seller.
 */
export const selectOrders = (
  db: Db,
  { side, accountId }: Whose,
  { tab, after, limit }: Place,
): Promise<OrderRow[]> => {
  const isOlder =
    after === undefined
      ? undefined
      : sql`(${order.placedAt}, ${order.orderId}) < (select o.placed_at, o.order_id from ${order} o where o.order_id = ${after} and ${sql.raw(`o.${side}_id`)} = ${accountId})`;
  return db
    .select()
    .from(order)
    .where(and(eq(order[`${side}Id`], accountId), tab && eq(order.tab, tab), isOlder))
    .orderBy(desc(order.placedAt), desc(order.orderId))
    .limit(limit);
};

/** Counted as far as TAB_COUNT_MAX, so that a long history costs no more. Leans on orders_of_buyer_by_tab, or that of the seller. */
export const countTabs = async (
  db: Db,
  { side, accountId }: Whose,
): Promise<{ counts: Record<OrderTab, number> }> => {
  const found = sql`select 1 from ${order} o where ${sql.raw(`o.${side}_id`)} = ${accountId} and o.tab = t.tab limit ${TAB_COUNT_MAX}`;
  const tabs = sql.raw(OrderTab.options.map((tab) => `('${tab}')`).join(", "));
  const [row] = await db.execute<{ counts: Record<OrderTab, number> }>(sql`
    select json_object_agg(t.tab, (select count(*)::int from (${found}) found)) as counts from (values ${tabs}) t(tab)`);
  assert(row !== undefined, "an aggregate gives a row");
  return row;
};
