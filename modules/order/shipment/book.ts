import { and, eq, sql } from "drizzle-orm";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Booking } from "@shopnexus/contracts/order/carriage";
import { type Shipment, ShipmentRefusals } from "@shopnexus/contracts/order/shipment";
import type { Db } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { shipment } from "#db/order/shipments.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step, StepScene } from "#modules/_kit/handler.ts";
import { findShipment, type ShipmentRow } from "../_kit/parcels.ts";
import { carrierOf } from "./carrier/carriers.ts";
import type { BookingOrder } from "./carrier/port.ts";
import { cargoOf, lookLater } from "./rows.ts";
import { boxOf, isBooked, packedOf, placeOf } from "./rules.ts";
import { callOff } from "./unbook.ts";

type Answer = Out<typeof Shipment, "book">;

/** Written down before the carrier is asked: whatever becomes of the answer, its undo knows that there may be a booking. */
export const book: Step<typeof Shipment, "book"> = async (booking, scene) => {
  const { db, settings } = scene;
  await once(db, shipment, { ...booking, state: "booking" });
  const row = await findShipment(db, booking.shipmentId);
  assert(row !== undefined, "it was written just above, or before");
  if (isBooked(row.state)) return bookedOf(row);
  await refuseWithdrawn(row, scene);
  const order = await orderOf(db, booking);
  if (order === undefined)
    return { state: "refused", trackingId: null, reason: "there is no address to send it to" };
  const answer = await carrierOf(settings).book(order);
  if (answer.state !== "booked") return { state: answer.state, trackingId: null, reason: answer.reason };
  return keep(order, answer, scene);
};

type Taken = {
  readonly ref: string;
  readonly trackingId: string;
  readonly price: { minor: number; currency: string };
};

const keep = async (
  order: BookingOrder,
  { ref, trackingId, price }: Taken,
  scene: StepScene,
): Promise<Answer> => {
  const { shipmentId } = order;
  const { db, settings } = scene;
  const moved = await db
    .update(shipment)
    .set({
      state: "booked",
      carrierRef: ref,
      trackingId,
      priceMinor: price.minor,
      priceCurrency: price.currency,
      bookedAt: sql`now()`,
      changedAt: sql`now()`,
      ...lookLater({ state: "booked", carrier: order.carrier }, settings.deadlines),
    })
    .where(and(eq(shipment.shipmentId, shipmentId), eq(shipment.state, "booking")))
    .returning();
  const row = moved[0] ?? (await findShipment(db, shipmentId));
  assert(row !== undefined, "shipments are never deleted");
  await refuseWithdrawn(row, scene);
  return bookedOf(row);
};

/** An undo came first, or meanwhile; what was booked all the same is called off. */
const refuseWithdrawn = async (row: ShipmentRow, scene: StepScene): Promise<void> => {
  if (row.state !== "withdrawing" && row.state !== "cancelled") return;
  if (row.orderId !== null) await callOff(row, scene);
  throw refuse(ShipmentRefusals.SHIPMENT_WITHDRAWN, {});
};

const bookedOf = ({ trackingId }: ShipmentRow): Answer => ({ state: "booked", trackingId, reason: "" });

/** What the carrier is asked; undefined where the parcel has no address to go to. */
const orderOf = async (db: Db, booking: Booking): Promise<BookingOrder | undefined> => {
  const { shipmentId, carrier, service, kind } = booking;
  const { head, address, lines } = await cargoOf(db, booking);
  const [sellers, buyers] = [placeOf(head.from), placeOf(address)];
  const [from, to] = kind === "outward" ? [sellers, buyers] : [buyers, sellers];
  if (to === null) return undefined;
  const contents = lines.map(({ pieces, title }) => `${pieces} x ${title}`).join("; ");
  return {
    shipmentId,
    carrier,
    service,
    from,
    to,
    box: boxOf(lines.map(packedOf)),
    contents: contents.slice(0, CONTENTS_LENGTH_MAX),
    currency: head.currency,
  };
};

/** A waybill has room for so many characters. */
const CONTENTS_LENGTH_MAX = 1_000;
