import { eq } from "drizzle-orm";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { id } from "@shopnexus/contracts/kit/id";
import { type Shipment, ShipmentRefusals } from "@shopnexus/contracts/order/shipment";
import type { Tx } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { carrierEvent } from "#db/order/shipments.ts";
import { order } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findShipment, type ShipmentRow } from "../_kit/parcels.ts";
import { carrierOf } from "./carrier/carriers.ts";
import { follow, type Moved } from "./rows.ts";

/** The raw event and what it does are one transaction: an event is kept exactly when it took effect. */
export const record: Step<typeof Shipment, "record"> = async ({ payload, signature }, { db, settings }) => {
  const event = carrierOf(settings).event(payload, signature);
  if (event === undefined) throw refuse(ShipmentRefusals.SHIPMENT_FORGED, {});
  const { eventId, status, reference, report } = event;
  const shipmentId = id("shp").safeParse(reference).data ?? null;
  return inTransaction(db, async (tx) => {
    await once(tx, carrierEvent, { eventId, shipmentId, status, payload });
    const row = shipmentId === null ? undefined : await findShipment(tx, shipmentId);
    if (row === undefined || row.orderId === null || report === undefined) return { moved: null };
    const moved = await follow(tx, row, { report, deadlines: settings.deadlines });
    return { moved: moved ?? (await knownBefore(tx, row)) };
  });
};

/** Nothing new; but what the first one changed may not have been said. */
const knownBefore = async (tx: Tx, { orderId, refundId }: ShipmentRow): Promise<Moved | null> => {
  if (orderId === null) return null;
  const [head] = await tx.select({ version: order.version }).from(order).where(eq(order.orderId, orderId));
  return { orderId, refundId, version: Math.max(0, (head?.version ?? 0) - 1) };
};
