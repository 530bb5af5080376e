import { eq, sql } from "drizzle-orm";
import type { Duties } from "@shopnexus/contracts/order/duties";
import { dutyNote } from "#db/order/line-money.ts";
import { order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { parcelsOf, shipmentsOf } from "../_kit/parcels.ts";
import { linesOfOrder } from "../line/rows.ts";
import { agendaOf } from "./rules.ts";

/** The version is read first: what changes after it is told as news of it or of a later one, so nothing is missed. */
export const list: Step<typeof Duties, "list"> = async ({ orderId }, { db, settings }) => {
  const [head] = await db
    .select({ order, now: sql<string>`now()::text` })
    .from(order)
    .where(eq(order.orderId, orderId));
  assert(head !== undefined, "an order's run begins when it is placed");
  const [lines, parcels, shipments, noted] = await Promise.all([
    linesOfOrder(db, orderId),
    parcelsOf(db, orderId),
    shipmentsOf(db, orderId),
    db.select({ key: dutyNote.key }).from(dutyNote).where(eq(dutyNote.orderId, orderId)),
  ]);
  const { version, buyerId, sellerId, openChargebacks } = head.order;
  const agenda = agendaOf({
    orderId,
    version,
    openChargebacks,
    lines,
    parcels,
    // A parcel home is its claim's affair, until it is to be called off.
    shipments: shipments.filter(({ kind, state }) => kind !== "return" || state === "withdrawing"),
    notes: new Set(noted.map(({ key }) => key)),
    now: new Date(head.now),
    deadlines: settings.deadlines,
  });
  return { version, buyerId, sellerId, ...agenda };
};
