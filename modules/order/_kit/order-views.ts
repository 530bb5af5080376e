/** SQL of orders as people read them: a few statements for a page of orders, however many stand on it. */
import { asc, inArray } from "drizzle-orm";
import { instant } from "@shopnexus/contracts/kit/time";
import type { NextAction } from "@shopnexus/contracts/order/line";
import type { OrderLine, OrderView } from "@shopnexus/contracts/order/purchase";
import { checkoutLine } from "#db/order/tables.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { type LineRow, lineView, type OrderRow, type Viewer } from "../order/rows.ts";
import { addressesOf, gainsOf, shipmentsOf } from "./order-parts.ts";
import { moneyOf, proceedsOf, toInstant } from "./reading.ts";

/** Orders in the order given. Sellers and operators are told what an order brings its seller, buyers are not. */
export const orderViews = async (
  scene: StepScene,
  rows: readonly OrderRow[],
  viewer: Viewer,
): Promise<OrderView[]> => {
  if (rows.length === 0) return [];
  const [lines, addresses, shipments, gains] = await Promise.all([
    linesOfOrders(scene, rows),
    addressesOf(scene.db, rows),
    shipmentsOf(scene.db, rows),
    viewer === "buyer" ? undefined : gainsOf(scene.db, rows),
  ]);
  return rows.map((row) => {
    const own = lines.get(row.orderId) ?? [];
    const purses = own.map((line) => line.row);
    return {
      ...headOf(row),
      money: moneyOf(purses, row.currency),
      proceeds: gains === undefined ? null : proceedsOf(row, purses, gains.get(row.orderId) ?? []),
      address: addresses(row),
      lines: own.map(({ view }) => view),
      shipments: shipments.get(row.orderId) ?? [],
    };
  });
};

const headOf = (row: OrderRow) => ({
  orderId: row.orderId,
  checkoutId: row.checkoutId,
  buyerId: row.buyerId,
  sellerId: row.sellerId,
  state: row.state,
  tab: row.tab,
  goods: { minor: row.totalMinor - row.shippingMinor, currency: row.currency },
  shipping: { minor: row.shippingMinor, currency: row.currency },
  total: { minor: row.totalMinor, currency: row.currency },
  carrier: row.carrier,
  service: row.service,
  placedAt: instant(row.placedAt.getTime()),
  changedAt: instant(row.changedAt.getTime()),
});

type Read = { readonly row: LineRow; readonly view: OrderLine };

/** The lines of each order, in their order. Leans on lines_of_order. */
export const linesOfOrders = async (
  scene: StepScene,
  orders: readonly OrderRow[],
): Promise<Map<string, Read[]>> => {
  const currencies = new Map(orders.map(({ orderId, currency }) => [orderId, currency]));
  const rows = await scene.db
    .select()
    .from(checkoutLine)
    .where(inArray(checkoutLine.orderId, [...currencies.keys()]))
    .orderBy(asc(checkoutLine.orderId), asc(checkoutLine.position));
  const read = rows.map((row) => ({ row, view: orderLine(row, currencies.get(row.orderId ?? "") ?? "") }));
  return Map.groupBy(read, ({ row }) => row.orderId ?? "");
};

const orderLine = (row: LineRow, currency: string): OrderLine => ({
  ...lineView(row, currency),
  refunded: { minor: row.returnedMinor, currency },
  decisionNote: row.decisionNote,
  shipmentId: row.shipmentId,
  dueAt: toInstant(row.dueAt),
  claimUntil: toInstant(row.claimUntil),
  next: { action: PROVISIONAL[row.state], at: toInstant(row.dueAt) },
});

const PROVISIONAL: Record<LineRow["state"], NextAction> = {
  awaiting_payment: "undo_checkout",
  paid: "cancel_and_refund",
  backordered: "cancel_and_refund",
  confirmed: "book_carrier",
  rejected: "nothing",
  cancelled: "nothing",
  shipped: "escalate_transit",
  delivered: "pay_seller",
  fulfilled: "nothing",
  refunding: "resolve_claim",
  refunded: "nothing",
};
