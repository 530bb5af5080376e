/** What the order module keeps of carriage: parcels to be sent, their bookings at carriers, labels, what carriers said. */
import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, text, uniqueIndex } from "drizzle-orm/pg-core";
import { ParcelState, ParcelTrouble, ShipmentKind, ShipmentState } from "@shopnexus/contracts/order/carriage";
import { at, createdAt, currency, id, minor, oneOf } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

/** Lines that were confirmed together and leave together, and by whom. */
export const parcel = schema.table(
  "parcel",
  {
    parcelId: id("par", "parcel_id").primaryKey(),
    orderId: id("ord", "order_id").notNull(),
    lineIds: jsonb("line_ids").$type<readonly string[]>().notNull(),
    carrier: text("carrier").notNull(),
    service: text("service").notNull(),
    /** Goes up with each other carrier: every choice is another booking. */
    choice: integer("choice").notNull().default(1),
    state: text("state").$type<ParcelState>().notNull().default("waiting"),
    trouble: text("trouble").$type<ParcelTrouble>(),
    /** Tries in a row that met the same trouble. */
    tries: integer("tries").notNull().default(0),
    tryAt: at("try_at").defaultNow(),
    /** The booking that it was sealed with. */
    shipmentId: id("shp", "shipment_id"),
    plannedAt: createdAt("planned_at"),
    changedAt: createdAt("changed_at"),
  },
  (t) => [
    index("parcels_of_order").on(t.orderId, t.plannedAt),
    check("parcel_state_known", oneOf(t.state, ParcelState.options)),
    check("parcel_trouble_known", oneOf(t.trouble, ParcelTrouble.options)),
    check("parcel_sealed_has_shipment", sql`${t.state} <> 'sealed' or ${t.shipmentId} is not null`),
    check("parcel_has_lines", sql`jsonb_array_length(${t.lineIds}) > 0`),
  ],
);

/** One booking at one carrier. A row that is cancelled and was never asked for is a tombstone: its undo came first. */
export const shipment = schema.table(
  "shipment",
  {
    shipmentId: id("shp", "shipment_id").primaryKey(),
    kind: text("kind").$type<ShipmentKind>(),
    orderId: id("ord", "order_id"),
    parcelId: id("par", "parcel_id"),
    refundId: id("rfd", "refund_id"),
    lineIds: jsonb("line_ids").$type<readonly string[]>(),
    carrier: text("carrier"),
    service: text("service"),
    /** The carrier's own name for it. */
    carrierRef: text("carrier_ref"),
    trackingId: text("tracking_id"),
    priceMinor: minor("price_minor"),
    priceCurrency: currency("price_currency"),
    state: text("state").$type<ShipmentState>().notNull(),
    /** When the carrier is asked how it stands, unless it says so before. */
    lookAt: at("look_at"),
    tries: integer("tries").notNull().default(0),
    bookedAt: at("booked_at"),
    sealedAt: at("sealed_at"),
    createdAt: createdAt("created_at"),
    changedAt: createdAt("changed_at"),
  },
  (t) => [
    index("shipments_of_order").on(t.orderId),
    uniqueIndex("one_shipment_a_carrier_ref").on(t.carrierRef),
    check("shipment_kind_known", oneOf(t.kind, ShipmentKind.options)),
    check("shipment_state_known", oneOf(t.state, ShipmentState.options)),
    check(
      "shipment_booked_can_be_tracked",
      sql`${t.state} in ('booking', 'withdrawing', 'cancelled') or (${t.carrierRef} is not null and ${t.trackingId} is not null)`,
    ),
    check(
      "shipment_without_an_order_is_a_tombstone",
      sql`${t.state} = 'cancelled' or (${t.orderId} is not null and ${t.kind} is not null and ${t.carrier} is not null)`,
    ),
    check("shipment_returned_for_a_refund", sql`${t.kind} <> 'return' or ${t.refundId} is not null`),
  ],
);

/** What is glued on the parcel: a PDF, in base64. */
export const shipmentLabel = schema.table("shipment_label", {
  shipmentId: id("shp", "shipment_id").primaryKey(),
  pdf: text("pdf").notNull(),
  madeAt: createdAt("made_at"),
});

/** Events as they came, before anything was made of them. */
export const carrierEvent = schema.table(
  "carrier_event",
  {
    eventId: text("event_id").primaryKey(),
    /** Ours, if the event names one. */
    shipmentId: id("shp", "shipment_id"),
    status: text("status").notNull(),
    payload: text("payload").notNull(),
    receivedAt: createdAt("received_at"),
  },
  (t) => [index("events_of_shipment").on(t.shipmentId)],
);
