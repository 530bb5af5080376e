import { eq } from "drizzle-orm";
import { instant } from "@shopnexus/contracts/kit/time";
import { CheckoutRefusals, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import type { Order } from "@shopnexus/contracts/order/order";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Db } from "#db/_kit/database.ts";
import { charge } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { paymentOf } from "../charge/rows.ts";
import { type CheckoutRow, findCheckoutRow, lineView, linesOf, ordersOf } from "./rows.ts";

export const findCheckout: Step<typeof Order, "findCheckout"> = async ({ checkoutId, accountId }, { db }) => {
  const row = await findCheckoutRow(db, checkoutId, accountId);
  if (row === undefined) throw refuse(CheckoutRefusals.CHECKOUT_UNKNOWN, {});
  return viewOf(db, row);
};

/** Everything the buyer may know of a checkout. */
const viewOf = async (db: Db, row: CheckoutRow): Promise<CheckoutView> => {
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
