/** SQL of what belongs to orders beside their lines: where they go, what they brought, which parcels carry them. */
import { asc, inArray, sql } from "drizzle-orm";
import type { Address } from "@shopnexus/contracts/account/address-book";
import { instant } from "@shopnexus/contracts/kit/time";
import type { OrderView } from "@shopnexus/contracts/order/purchase";
import type { Db } from "#db/_kit/database.ts";
import { shipment } from "#db/order/shipments.ts";
import { checkout, lineMoney } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { OrderRow } from "../order/rows.ts";
import { type Gain, toInstant } from "./reading.ts";

/** Where each order goes. Leans on the primary key. */
export const addressesOf = async (
  db: Db,
  orders: readonly OrderRow[],
): Promise<(order: OrderRow) => Address> => {
  const checkoutIds = [...new Set(orders.map(({ checkoutId }) => checkoutId))];
  const rows = await db
    .select({ checkoutId: checkout.checkoutId, address: checkout.address })
    .from(checkout)
    .where(inArray(checkout.checkoutId, checkoutIds));
  const addresses = new Map(rows.map(({ checkoutId, address }) => [checkoutId, address]));
  return ({ checkoutId }) => {
    const address = addresses.get(checkoutId);
    assert(address, "a placed checkout has an address");
    return address;
  };
};

/** What each movement brought the seller, and the platform, in the order's currency. Leans on money_of_order. */
export const gainsOf = async (db: Db, orders: readonly OrderRow[]): Promise<Map<string, Gain[]>> => {
  const taken = sql`case when ${lineMoney.kind} = 'release' then ${lineMoney.commissionMinor} else -${lineMoney.commissionMinor} end`;
  const rows = await db
    .select({
      orderId: lineMoney.orderId,
      commissionMinor: sql`sum(${taken})`.mapWith(Number),
      sellerMinor: sql`sum(${lineMoney.releasedMinor} - ${lineMoney.clawedMinor} - ${taken})`.mapWith(Number),
    })
    .from(lineMoney)
    .where(
      inArray(
        lineMoney.orderId,
        orders.map(({ orderId }) => orderId),
      ),
    )
    .groupBy(lineMoney.orderId, lineMoney.key);
  return Map.groupBy(rows, ({ orderId }) => orderId);
};

/** Bookings that a carrier knows of, oldest first; tombstones have no order. Leans on shipments_of_order. */
export const shipmentsOf = async (
  db: Db,
  orders: readonly OrderRow[],
): Promise<Map<string, OrderView["shipments"]>> => {
  const rows = await db
    .select()
    .from(shipment)
    .where(
      inArray(
        shipment.orderId,
        orders.map(({ orderId }) => orderId),
      ),
    )
    .orderBy(asc(shipment.createdAt), asc(shipment.shipmentId));
  return Map.groupBy(rows.map(shipmentView), ({ orderId }) => orderId);
};

const shipmentView = (row: typeof shipment.$inferSelect): OrderView["shipments"][number] => {
  const { shipmentId, orderId, kind, carrier, service } = row;
  assert(orderId && kind && carrier && service, "only a tombstone has no order, and none was asked for");
  return {
    shipmentId,
    orderId,
    kind,
    lineIds: [...(row.lineIds ?? [])],
    carrier,
    service,
    trackingId: row.trackingId,
    state: row.state,
    isSealed: row.sealedAt !== null,
    bookedAt: toInstant(row.bookedAt),
    changedAt: instant(row.changedAt.getTime()),
  };
};
