import { Currency, type Money } from "@shopnexus/contracts/kit/money";
import { z } from "zod";
import { SERVICES, type ServiceName } from "./carriers.ts";
import type { Status } from "./life.ts";

const line = z.string().min(1).max(300);
const country = z.string().regex(/^[A-Z]{2}$/, "must be two capital letters");

/** Where to is all that a price depends on; whatever else is known may come along. */
const place = z.looseObject({ country });
/** What is written on a parcel. */
const addressee = z.looseObject({ recipient: line, line1: line, city: line, country });

const grams = z.int().min(0).max(10_000_000);
const millimetres = z.int().min(0).max(100_000);
const parcel = z.strictObject({
  weightGrams: grams,
  lengthMm: millimetres,
  widthMm: millimetres,
  heightMm: millimetres,
});
export type Parcel = z.infer<typeof parcel>;

export const quoting = z.strictObject({ from: place.nullable(), to: place, parcel, currency: Currency });

export const booking = z.strictObject({
  /** The shop's own name for the parcel. */
  reference: z.string().min(1).max(200),
  carrier: z.string(),
  service: z.enum(SERVICES),
  from: addressee.nullable(),
  to: addressee,
  parcel,
  /** Words, or a list of whatever the shop says of its pieces. */
  contents: z.union([z.string().max(5_000), z.array(z.unknown()).max(1_000)]).optional(),
  currency: Currency.default("USD"),
});
export type Booking = z.output<typeof booking>;

export type Quote = Readonly<{ carrier: string; service: ServiceName; price: Money; days: number }>;

export type Stop = Readonly<{ status: Status; at: string }>;

/** One parcel at one carrier. */
export type Shipment = Readonly<
  Omit<Booking, "currency"> & {
    /** The shelf's name for it: `shipmentId`. */
    id: string;
    shipmentId: string;
    trackingId: string;
    price: Money;
    status: Status;
    createdAt: string;
    history: readonly Stop[];
  }
>;

/** What a webhook says. */
export type CarrierFact = Readonly<{
  shipmentId: string;
  trackingId: string;
  reference: string;
  status: Status;
  at: string;
}>;
export type CarrierEvent = Readonly<CarrierFact & { id: string; type: Status }>;
