import { eq } from "drizzle-orm";
import type { Packing } from "@shopnexus/contracts/order/packing";
import { parcel } from "#db/order/shipments.ts";
import { order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { linesOfOrder } from "../line/rows.ts";
import { bookingOf, leftOf } from "./rules.ts";

export const choose: Step<typeof Packing, "choose"> = async ({ parcelId }, { db }) => {
  const [found] = await db
    .select({ parcel, order })
    .from(parcel)
    .innerJoin(order, eq(order.orderId, parcel.orderId))
    .where(eq(parcel.parcelId, parcelId));
  assert(found !== undefined, "a parcel's run begins when it is planned");
  const { parcel: row, order: head } = found;
  const { orderId, carrier, service, choice, tries, state } = row;
  const left = leftOf(row, await linesOfOrder(db, orderId), (...parts) => deriveId("shp", ...parts));
  return {
    isOver: state !== "waiting" || left.length === 0,
    isDisputed: head.openChargebacks > 0,
    orderId,
    buyerId: head.buyerId,
    sellerId: head.sellerId,
    shipmentId: deriveId("shp", ...bookingOf(row, left)),
    carrier,
    service,
    choice,
    tries,
    lines: left.map(({ lineId, skuId, title, pieces }) => ({ lineId, skuId, title, pieces })),
  };
};
