import type { Shipment } from "@shopnexus/contracts/order/shipment";
import type { Step } from "#modules/_kit/handler.ts";
import { findShipment } from "../_kit/parcels.ts";
import { shipmentView } from "./rows.ts";

export const read: Step<typeof Shipment, "read"> = async ({ shipmentId }, { db }) => {
  const row = await findShipment(db, shipmentId);
  return { shipment: row === undefined ? null : (shipmentView(row)[0] ?? null) };
};
