/** The port to carriers: five verbs, and the carrier's word is the only proof of where a parcel is. */
import type { Address } from "@shopnexus/contracts/account/address-book";
import type { Money } from "@shopnexus/contracts/kit/money";
import type { CarrierChoice, CarrierOption, ShipmentState } from "@shopnexus/contracts/order/carriage";
import type { Box } from "../rules.ts";

export type Place = Omit<Address, "addressId">;

export type Route = {
  readonly from: Place | null;
  readonly to: Place;
  readonly box: Box;
  /** Prices in another currency may be answered. */
  readonly currency: string;
};

export type BookingOrder = Route &
  CarrierChoice & {
    /** Ours: a repeat with the same one finds the first booking, and the carrier names it in what it says. */
    readonly shipmentId: string;
    readonly contents: string;
  };

/** What a carrier says of one booking. */
export type CarrierReport = {
  readonly ref: string;
  readonly trackingId: string;
  /** Undefined for a word that we do not know. */
  readonly state: ShipmentState | undefined;
};

export type Booked =
  | ({ readonly state: "booked"; readonly price: Money } & Pick<CarrierReport, "ref" | "trackingId">)
  /** Nobody answers: it may be booked or not. */
  | { readonly state: "down"; readonly reason: string }
  /** It is not booked, and will not be. */
  | { readonly state: "refused"; readonly reason: string };

export type CarrierEvent = {
  readonly eventId: string;
  /** Our own name for the parcel, as the carrier was told. */
  readonly reference: string | undefined;
  readonly status: string;
  readonly report: CarrierReport | undefined;
};

/** A booking as we know it; without a reference its answer was lost. */
export type Known = { readonly shipmentId: string; readonly carrierRef: string | null };

export type Carrier = {
  /** Who would carry it, cheapest first; undefined when nobody answers. */
  quote(route: Route): Promise<CarrierOption[] | undefined>;
  book(order: BookingOrder): Promise<Booked>;
  /** Calls a booking off, or reports that it is too late; "none" where there is no such booking; undefined when nobody answers. */
  cancel(booking: Known): Promise<CarrierReport | "none" | undefined>;
  /** Undefined when nobody answers. */
  report(booking: Known): Promise<CarrierReport | undefined>;
  /** Reads an event whose signature is the carrier's and fresh; undefined for any other. */
  event(payload: string, signature: string): CarrierEvent | undefined;
};
