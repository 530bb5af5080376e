import { eq } from "drizzle-orm";
import type { Shipment } from "@shopnexus/contracts/order/shipment";
import { inTransaction } from "#db/_kit/transaction.ts";
import { shipment } from "#db/order/shipments.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findShipment } from "../_kit/parcels.ts";
import { carrierOf } from "./carrier/carriers.ts";
import { follow, lookLater } from "./rows.ts";
import { isTracked } from "./rules.ts";

export const track: Step<typeof Shipment, "track"> = async ({ shipmentId }, { db, settings }) => {
  const { deadlines } = settings;
  const row = await findShipment(db, shipmentId);
  if (row === undefined || !isTracked(row.state)) return { state: row?.state ?? "cancelled" };
  const { carrierRef } = row;
  const report = await carrierOf(settings).report({ shipmentId, carrierRef });
  await inTransaction(db, async (tx) => {
    await tx.update(shipment).set(lookLater(row, deadlines)).where(eq(shipment.shipmentId, shipmentId));
    if (report !== undefined) await follow(tx, row, { report, deadlines });
  });
  return { state: (await findShipment(db, shipmentId))?.state ?? row.state };
};
