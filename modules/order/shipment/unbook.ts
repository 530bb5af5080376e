import { and, eq } from "drizzle-orm";
import type { ShipmentState } from "@shopnexus/contracts/order/carriage";
import type { Shipment } from "@shopnexus/contracts/order/shipment";
import { once } from "#db/_kit/once.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { shipment } from "#db/order/shipments.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step, StepScene } from "#modules/_kit/handler.ts";
import { findShipment, forwardShipment, type ShipmentRow } from "../_kit/parcels.ts";
import { after } from "../line/rows.ts";
import { retryMs } from "../packing/rules.ts";
import { carrierOf } from "./carrier/carriers.ts";
import { follow } from "./rows.ts";

/** Marks, then asks the carrier, then writes: stopped anywhere, its repeat goes on from the mark. */
export const unbook: Step<typeof Shipment, "unbook"> = async ({ shipmentId }, scene) => {
  const { db } = scene;
  if (await once(db, shipment, { shipmentId, state: "cancelled" })) return { state: "cancelled" };
  await inTransaction(db, (tx) => forwardShipment(tx, { shipmentId, state: "withdrawing" }));
  const row = await findShipment(db, shipmentId);
  assert(row !== undefined, "it was found just above");
  if (row.state !== "withdrawing") return { state: row.state };
  return { state: await callOff(row, scene) };
};

/** Asks the carrier to forget a booking, also one that we do not know to be one. What it fetched before follows its own way. */
export const callOff = async (row: ShipmentRow, { db, settings }: StepScene): Promise<ShipmentState> => {
  const { shipmentId, carrierRef, tries } = row;
  const { deadlines } = settings;
  const answer = await carrierOf(settings).cancel({ shipmentId, carrierRef });
  await inTransaction(db, async (tx) => {
    if (answer === "none" || answer?.state === "cancelled") {
      await forwardShipment(tx, { shipmentId, state: "cancelled" }, { lookAt: null });
      return;
    }
    if (answer !== undefined) await follow(tx, row, { report: answer, deadlines });
    // Whatever else it says: what is still to be called off is asked for again, ever later.
    const lookAt = after(retryMs(deadlines.bookRetryMs, tries));
    await tx
      .update(shipment)
      .set({ tries: tries + 1, lookAt })
      .where(and(eq(shipment.shipmentId, shipmentId), eq(shipment.state, "withdrawing")));
  });
  return (await findShipment(db, shipmentId))?.state ?? "cancelled";
};
