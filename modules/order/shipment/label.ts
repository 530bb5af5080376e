import { eq } from "drizzle-orm";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Shipment, ShipmentRefusals } from "@shopnexus/contracts/order/shipment";
import { shipment, shipmentLabel } from "#db/order/shipments.ts";
import { order } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";

/** Whoever sends the parcel glues it on: the seller, or the buyer who sends something back. */
export const label: Step<typeof Shipment, "label"> = async ({ shipmentId }, { db, who }) => {
  const { accountId } = accountOf(who);
  const [found] = await db
    .select({ kind: shipment.kind, trackingId: shipment.trackingId, pdf: shipmentLabel.pdf, order })
    .from(shipment)
    .innerJoin(shipmentLabel, eq(shipmentLabel.shipmentId, shipment.shipmentId))
    .innerJoin(order, eq(order.orderId, shipment.orderId))
    .where(eq(shipment.shipmentId, shipmentId));
  const sender = found?.kind === "return" ? found.order.buyerId : found?.order.sellerId;
  if (found === undefined || found.trackingId === null || sender !== accountId)
    throw refuse(ShipmentRefusals.SHIPMENT_UNKNOWN, {});
  return { trackingId: found.trackingId, pdf: found.pdf };
};
