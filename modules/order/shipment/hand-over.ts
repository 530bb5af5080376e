import { inArray } from "drizzle-orm";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { OWN_CARRIER } from "@shopnexus/contracts/order/carriage";
import { type Shipment, ShipmentRefusals } from "@shopnexus/contracts/order/shipment";
import type { Tx } from "#db/_kit/database.ts";
import { shipment } from "#db/order/shipments.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { decide } from "../_kit/decisions.ts";
import { forwardShipment } from "../_kit/parcels.ts";
import { after, type LineRow } from "../line/rows.ts";
import { isReceived } from "../line/rules.ts";

/** Only where nobody else could say it: a seller's word never overrules a carrier's. */
export const handOver: Step<typeof Shipment, "handOver"> = async (
  { isDelivered, ...ask },
  { db, settings },
) => {
  const { transitMs, escrowMs, claimMs } = settings.deadlines;
  return decide(db, ask, {
    by: "sellerId",
    event: isDelivered ? "deliver" : "ship",
    fact: isDelivered ? "parcel_delivered" : "parcel_shipped",
    change: isDelivered
      ? { dueAt: after(escrowMs), claimUntil: after(claimMs) }
      : { dueAt: after(transitMs) },
    did: (line) => isReceived(line) || (!isDelivered && line.state === "shipped"),
    may: ({ state, shipmentId }) => state !== "refunding" && shipmentId !== null,
    also: (tx, _head, lines) => moveOwn(tx, lines, isDelivered),
  });
};

const moveOwn = async (tx: Tx, lines: readonly LineRow[], isDelivered: boolean): Promise<void> => {
  const ids = [...new Set(lines.flatMap(({ shipmentId }) => shipmentId ?? []))];
  const rows = await tx.select().from(shipment).where(inArray(shipment.shipmentId, ids));
  if (rows.some(({ carrier }) => carrier !== OWN_CARRIER.carrier))
    throw refuse(ShipmentRefusals.CARRIER_SPEAKS, {});
  for (const { shipmentId } of rows)
    await forwardShipment(tx, { shipmentId, state: isDelivered ? "delivered" : "picked_up" });
};
