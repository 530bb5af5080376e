import { inArray, sql } from "drizzle-orm";
import type { Line } from "@shopnexus/contracts/order/line";
import { instant } from "@shopnexus/contracts/kit/time";
import { parcel, shipment } from "#db/order/shipments.ts";
import { checkoutLine } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { nowOf } from "../_kit/claims.ts";
import { nextOf } from "../_kit/fates.ts";

/** Four statements however many orders. Leans on lines_of_order, parcels_of_order, shipments_of_order. */
export const next: Step<typeof Line, "next"> = async ({ orderIds }, { db, settings }) => {
  const [lines, parcels, shipments, now] = await Promise.all([
    db
      .select()
      .from(checkoutLine)
      .where(inArray(checkoutLine.orderId, orderIds))
      .orderBy(sql`${checkoutLine.orderId}, ${checkoutLine.position}`),
    db.select().from(parcel).where(inArray(parcel.orderId, orderIds)),
    db.select().from(shipment).where(inArray(shipment.orderId, orderIds)),
    nowOf(db),
  ]);
  return {
    lines: lines.map((line) => {
      const { action, at } = nextOf(line, { parcels, shipments, now, deadlines: settings.deadlines });
      return { lineId: line.lineId, action, at: at && instant(at.getTime()) };
    }),
  };
};
