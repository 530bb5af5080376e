import { and, eq, or } from "drizzle-orm";
import { type Order, OrderRefusals } from "@shopnexus/contracts/order/order";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { order } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { orderViews } from "./rows.ts";

export const read: Step<typeof Order, "read"> = async ({ orderId }, { db, who }) => {
  const { accountId } = accountOf(who);
  const isParty = or(eq(order.buyerId, accountId), eq(order.sellerId, accountId));
  const rows = await db
    .select()
    .from(order)
    .where(and(eq(order.orderId, orderId), isParty));
  const [view] = await orderViews(db, rows);
  if (view === undefined) throw refuse(OrderRefusals.ORDER_UNKNOWN, {});
  return view;
};
