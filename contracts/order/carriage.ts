/** Words of carriage: who carries, what a parcel is, and how far it has come. */
import { z } from "zod";
import { SizeMm } from "../catalog/listing.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { Instant } from "../_kit/time.ts";
import { text } from "../_kit/word.ts";

export const CarrierName = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);
export const ServiceName = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);
export const CarrierChoice = z.strictObject({ carrier: CarrierName, service: ServiceName });
export type CarrierChoice = z.infer<typeof CarrierChoice>;

/** Where a shop has no carriers: sellers bring or send the goods themselves, and say so. */
export const OWN_CARRIER: CarrierChoice = { carrier: "own", service: "standard" };

/** What is packed of one line: grams of all its pieces; the size of what lies on the pile, if the seller said it. */
export const Packed = z.strictObject({
  weightGrams: z.int().min(0).max(1_000_000_000),
  sizeMm: SizeMm.strict().nullable(),
});
export type Packed = z.infer<typeof Packed>;

/** A service that would take a parcel; `days` until it is there, as the carrier says. */
export const CarrierOption = z.object({
  carrier: CarrierName,
  service: ServiceName,
  price: Price,
  days: z.int().min(0),
});
export type CarrierOption = z.infer<typeof CarrierOption>;

export const ShipmentKind = z.enum(["outward", "return"]);
export type ShipmentKind = z.infer<typeof ShipmentKind>;

/**
 * booking: the carrier is asked; booked: it has a tracking id; withdrawing, cancelled: called off. The others are the
 * carrier's own words. Forward only: modules/order/shipment/rules.ts says what is further.
 */
export const ShipmentState = z.enum([
  "booking",
  "withdrawing",
  "booked",
  "picked_up",
  "in_transit",
  "out_for_delivery",
  "failed_attempt",
  "lost",
  "delivered",
  "returned",
  "cancelled",
]);
export type ShipmentState = z.infer<typeof ShipmentState>;

export const ShipmentView = z.object({
  shipmentId: id("shp"),
  orderId: id("ord"),
  kind: ShipmentKind,
  lineIds: z.array(id("lin")),
  carrier: CarrierName,
  service: ServiceName,
  /** Null until the carrier has taken the booking. */
  trackingId: text(120).nullable(),
  state: ShipmentState,
  /** The parcel has a label, and is the carrier's to fetch. */
  isSealed: z.boolean(),
  bookedAt: Instant.nullable(),
  changedAt: Instant,
});
export type ShipmentView = z.infer<typeof ShipmentView>;

/** Why a parcel has to wait: nobody answers, nobody takes it, numbers are missing, the buyer's bank wants the money back. */
export const ParcelTrouble = z.enum([
  "carrier_down",
  "carrier_refused",
  "serials_short",
  "disputed",
  "undone",
]);
export type ParcelTrouble = z.infer<typeof ParcelTrouble>;

/** waiting: for its carrier; sealed: booked and labelled; over: nothing of it is to be sent any more. */
export const ParcelState = z.enum(["waiting", "sealed", "over"]);
export type ParcelState = z.infer<typeof ParcelState>;

/** Lines that the seller confirmed together: they leave together. */
export const ParcelView = z.object({
  parcelId: id("par"),
  lineIds: z.array(id("lin")),
  carrier: CarrierName,
  service: ServiceName,
  state: ParcelState,
  trouble: ParcelTrouble.nullable(),
  /** When the carrier is asked again. */
  tryAt: Instant.nullable(),
});
export type ParcelView = z.infer<typeof ParcelView>;

/** All that is known of a booking before it is made, so that its undo needs nothing else. */
export const Booking = z.strictObject({
  shipmentId: id("shp"),
  kind: ShipmentKind,
  orderId: id("ord"),
  /** Of an outward one. */
  parcelId: id("par").nullable(),
  /** Of a return. */
  refundId: id("rfd").nullable(),
  lineIds: z.array(id("lin")).min(1).max(100),
  ...CarrierChoice.shape,
});
export type Booking = z.infer<typeof Booking>;
