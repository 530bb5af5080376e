/** SQL of orders as people read them: a few statements for a page of orders, however many stand on it. */
import { instant } from "@shopnexus/contracts/kit/time";
import type { OrderLine, OrderView } from "@shopnexus/contracts/order/purchase";
import type { Deadlines } from "#modules/_kit/deadlines.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { type LineRow, lineView, type OrderRow, type Viewer } from "../order/rows.ts";
import { shipmentView } from "../shipment/rows.ts";
import { nextOf } from "./fates.ts";
import { addressesOf, type Books, booksOf, gainsOf } from "./order-parts.ts";
import { moneyOf, proceedsOf, toInstant } from "./reading.ts";

/** Orders in the order given. Sellers and operators are told what an order brings its seller, buyers are not. */
export const orderViews = async (
  scene: StepScene,
  rows: readonly OrderRow[],
  viewer: Viewer,
): Promise<OrderView[]> => {
  if (rows.length === 0) return [];
  const [read, addresses, gains] = await Promise.all([
    readOrders(scene, rows),
    addressesOf(scene.db, rows),
    viewer === "buyer" ? undefined : gainsOf(scene.db, rows),
  ]);
  return rows.map((row) => {
    const { lines, shipments } = read(row);
    const purses = lines.map((line) => line.row);
    return {
      ...headOf(row),
      money: moneyOf(purses, row.currency),
      proceeds: gains === undefined ? null : proceedsOf(row, purses, gains.get(row.orderId) ?? []),
      address: addresses(row),
      lines: lines.map(({ view }) => view),
      shipments,
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

type Read = {
  readonly lines: ReadonlyArray<{ readonly row: LineRow; readonly view: OrderLine }>;
  readonly shipments: OrderView["shipments"];
};

/** Lines in their order, with what happens to each next. What the shop only tried to book is its own affair. */
export const readOrders = async (
  { db, settings: { deadlines } }: StepScene,
  orders: readonly OrderRow[],
): Promise<(order: OrderRow) => Read> => {
  const books = await booksOf(
    db,
    orders.map(({ orderId }) => orderId),
  );
  return ({ orderId, currency }) => {
    const own = {
      now: books.now,
      deadlines,
      lines: books.lines.filter((line) => line.orderId === orderId),
      parcels: books.parcels.filter((parcel) => parcel.orderId === orderId),
      shipments: books.shipments.filter((shipment) => shipment.orderId === orderId),
    };
    return {
      lines: own.lines.map((row) => ({
        row,
        view: { ...orderLine(row, currency), next: nextView(row, own) },
      })),
      shipments: own.shipments.filter(({ trackingId }) => trackingId !== null).flatMap(shipmentView),
    };
  };
};

const orderLine = (row: LineRow, currency: string): Omit<OrderLine, "next"> => ({
  ...lineView(row, currency),
  refunded: { minor: row.returnedMinor, currency },
  decisionNote: row.decisionNote,
  shipmentId: row.shipmentId,
  dueAt: toInstant(row.dueAt),
  claimUntil: toInstant(row.claimUntil),
});

const nextView = (row: LineRow, books: Books & { readonly deadlines: Deadlines }): OrderLine["next"] => {
  const { action, at } = nextOf(row, books);
  return { action, at: toInstant(at) };
};
