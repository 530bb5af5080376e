/** SQL of what belongs to orders beside their lines: where they go, what they brought, which parcels carry them. */
import { asc, inArray, sql } from "drizzle-orm";
import type { Address } from "@shopnexus/contracts/account/address-book";
import type { Db } from "#db/_kit/database.ts";
import { parcel, shipment } from "#db/order/shipments.ts";
import { lineMoney } from "#db/order/line-money.ts";
import { checkout, checkoutLine } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { LineRow, OrderRow } from "../order/rows.ts";
import { nowOf } from "./claims.ts";
import type { ParcelRow, ShipmentRow } from "./parcels.ts";
import type { Gain } from "./reading.ts";

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
      subsidyMinor: sql`sum(${lineMoney.subsidizedMinor})`.mapWith(Number),
      carriageMinor: sql`sum(${lineMoney.borneMinor})`.mapWith(Number),
      sellerMinor:
        sql`sum(${lineMoney.releasedMinor} - ${lineMoney.clawedMinor} + ${lineMoney.subsidizedMinor} - ${taken} - ${lineMoney.borneMinor})`.mapWith(
          Number,
        ),
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

/** What happens next to lines is judged by these, all of one moment or close to it. */
export type Books = {
  readonly now: Date;
  readonly lines: readonly LineRow[];
  readonly parcels: readonly ParcelRow[];
  readonly shipments: readonly ShipmentRow[];
};

/** Of some orders. Leans on lines_of_order, parcels_of_order, shipments_of_order. */
export const booksOf = async (db: Db, orderIds: string[]): Promise<Books> => {
  const [lines, parcels, shipments, now] = await Promise.all([
    db
      .select()
      .from(checkoutLine)
      .where(inArray(checkoutLine.orderId, orderIds))
      .orderBy(asc(checkoutLine.position)),
    db.select().from(parcel).where(inArray(parcel.orderId, orderIds)).orderBy(asc(parcel.plannedAt)),
    db.select().from(shipment).where(inArray(shipment.orderId, orderIds)).orderBy(asc(shipment.createdAt)),
    nowOf(db),
  ]);
  return { lines, parcels, shipments, now };
};
