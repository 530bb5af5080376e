/** SQL of parcels and their bookings that several components share: plan one, find those of an order, move a booking forward. */
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import { instant } from "@shopnexus/contracts/kit/time";
import {
  type CarrierChoice,
  OWN_CARRIER,
  type ParcelView,
  type ShipmentState,
} from "@shopnexus/contracts/order/carriage";
import type { Db, Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { parcel, shipment } from "#db/order/shipments.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { LineRow, OrderRow } from "../line/rows.ts";
import { statesBefore } from "../shipment/rules.ts";

export type ParcelRow = typeof parcel.$inferSelect;
export type ShipmentRow = typeof shipment.$inferSelect;

type Plan = { readonly lines: readonly LineRow[]; readonly choice?: CarrierChoice | undefined };

/** Lines that leave together; one plan a version of the order. */
export const planParcel = async (tx: Tx, head: OrderRow, { lines, choice }: Plan): Promise<void> => {
  const { orderId, version } = head;
  const parcelId = deriveId("par", orderId, String(version));
  const quoted = {
    carrier: head.carrier ?? OWN_CARRIER.carrier,
    service: head.service ?? OWN_CARRIER.service,
  };
  const lineIds = lines.map(({ lineId }) => lineId);
  await once(tx, parcel, { parcelId, orderId, lineIds, ...(choice ?? quoted) });
};

/** Leans on parcels_of_order. */
export const parcelsOf = (tx: Tx | Db, orderId: string): Promise<ParcelRow[]> =>
  tx.select().from(parcel).where(eq(parcel.orderId, orderId)).orderBy(asc(parcel.plannedAt));

/** Leans on shipments_of_order. */
export const shipmentsOf = (tx: Tx | Db, orderId: string): Promise<ShipmentRow[]> =>
  tx.select().from(shipment).where(eq(shipment.orderId, orderId)).orderBy(asc(shipment.createdAt));

/** Leans on the primary key. */
export const findShipment = async (tx: Tx | Db, shipmentId: string): Promise<ShipmentRow | undefined> => {
  const [row] = await tx.select().from(shipment).where(eq(shipment.shipmentId, shipmentId));
  return row;
};

type Facts = Partial<Pick<ShipmentRow, "carrierRef" | "trackingId" | "lookAt">>;

/** Moves a booking forward, if the state is further than the one it has at the moment of the write. Undefined if not. */
export const forwardShipment = async (
  tx: Tx,
  { shipmentId, state }: { shipmentId: string; state: ShipmentState },
  facts: Facts = {},
): Promise<ShipmentRow | undefined> => {
  const [moved] = await tx
    .update(shipment)
    .set({
      ...(facts.lookAt !== undefined && { lookAt: facts.lookAt }),
      ...(facts.carrierRef && { carrierRef: sql`coalesce(${shipment.carrierRef}, ${facts.carrierRef})` }),
      ...(facts.trackingId && {
        trackingId: sql`coalesce(${shipment.trackingId}, ${facts.trackingId})`,
        bookedAt: sql`coalesce(${shipment.bookedAt}, now())`,
      }),
      state,
      changedAt: sql`now()`,
    })
    .where(and(eq(shipment.shipmentId, shipmentId), inArray(shipment.state, statesBefore(state))))
    .returning();
  return moved;
};

export const parcelView = (row: ParcelRow): ParcelView => ({
  parcelId: row.parcelId,
  lineIds: [...row.lineIds],
  carrier: row.carrier,
  service: row.service,
  state: row.state,
  trouble: row.trouble,
  tryAt: row.tryAt && instant(row.tryAt.getTime()),
});
