import { eq } from "drizzle-orm";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Shipment, ShipmentRefusals } from "@shopnexus/contracts/order/shipment";
import { order } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { parcelsOf, parcelView, shipmentsOf } from "../_kit/parcels.ts";
import { shipmentView } from "./rows.ts";

/** What the shop only tried to book is its own affair. */
export const list: Step<typeof Shipment, "list"> = async ({ orderId }, { db, who }) => {
  const { accountId } = accountOf(who);
  const [head] = await db.select().from(order).where(eq(order.orderId, orderId));
  if (head === undefined || (head.buyerId !== accountId && head.sellerId !== accountId))
    throw refuse(ShipmentRefusals.SHIPMENT_UNKNOWN, {});
  const [parcels, shipments] = await Promise.all([parcelsOf(db, orderId), shipmentsOf(db, orderId)]);
  return {
    parcels: parcels.map(parcelView),
    shipments: shipments.filter(({ trackingId }) => trackingId !== null).flatMap(shipmentView),
  };
};
