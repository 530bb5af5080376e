/** Decisions about parcels at carriers: which state is further than which, what is packed together, what a day's news means. */
import type { Address } from "@shopnexus/contracts/account/address-book";
import { convert } from "@shopnexus/contracts/kit/money";
import type { CarrierOption, Packed, ShipmentState } from "@shopnexus/contracts/order/carriage";

/**
 * How far a parcel has come; news that is not further changes nothing. What was lost may turn up. Delivered, returned and
 * cancelled are ends: whichever is said first stays.
 */
const RANKS: Readonly<Record<ShipmentState, number>> = {
  booking: 0,
  booked: 1,
  withdrawing: 2,
  picked_up: 3,
  in_transit: 4,
  out_for_delivery: 5,
  failed_attempt: 6,
  lost: 7,
  delivered: 8,
  returned: 8,
  cancelled: 8,
};

/** What was fetched cannot be called off. */
const CANCELLABLE: ReadonlySet<ShipmentState> = new Set(["booking", "booked", "withdrawing"]);

/** The states from which a parcel may come to this one. */
export const statesBefore = (state: ShipmentState): ShipmentState[] =>
  (Object.keys(RANKS) as ShipmentState[]).filter(
    (before) => RANKS[before] < RANKS[state] && (state !== "cancelled" || CANCELLABLE.has(before)),
  );

/** The carrier has, or had, the parcel. */
export const isUnderWay = (state: ShipmentState): boolean =>
  RANKS[state] > RANKS.withdrawing && state !== "cancelled";

/** The carrier has the booking, and nothing can be undone by forgetting it. */
export const isBooked = (state: ShipmentState): boolean => state === "booked" || isUnderWay(state);

const ENDS: ReadonlySet<ShipmentState> = new Set(["delivered", "returned", "cancelled"]);
/** There may be news that nobody has told us. */
export const isTracked = (state: ShipmentState): boolean => isBooked(state) && !ENDS.has(state);

/** What becomes of the lines of a parcel: fetched, there, or neither. */
export const eventOf = (state: ShipmentState): "ship" | "deliver" | "lose" | undefined => {
  if (state === "delivered") return "deliver";
  if (state === "lost" || state === "returned") return "lose";
  return isUnderWay(state) ? "ship" : undefined;
};

export type Box = { weightGrams: number; lengthMm: number; widthMm: number; heightMm: number };

/** What is sent together as one box: as heavy as all of it, one thing lying on the other. */
export const boxOf = (parcel: readonly Packed[]): Box => {
  const sizes = parcel.flatMap(({ sizeMm }) => sizeMm ?? []);
  return {
    weightGrams: parcel.reduce((sum, { weightGrams }) => sum + weightGrams, 0),
    lengthMm: Math.max(0, ...sizes.map(({ length }) => length)),
    widthMm: Math.max(0, ...sizes.map(({ width }) => width)),
    heightMm: sizes.reduce((sum, { height }) => sum + height, 0),
  };
};

type Weighed = {
  readonly pieces: number;
  readonly weightGrams: number;
  readonly sizeMm: { length: number; width: number; height: number } | null;
};

/** What is packed of a line: its pieces lie on one another. */
export const packedOf = ({ pieces, weightGrams, sizeMm }: Weighed): Packed => ({
  weightGrams: weightGrams * pieces,
  sizeMm: sizeMm && { ...sizeMm, height: sizeMm.height * pieces },
});

/** As carriers take an address; one that nobody gave is none. */
export const placeOf = (address: Address | null): Omit<Address, "addressId"> | null => {
  if (address === null) return null;
  const { addressId: _, ...place } = address;
  return place;
};

type Rates = { readonly currency: string; readonly rates: ReadonlyArray<{ currency: string; rate: string }> };

/** Options with prices in one currency, cheapest first. */
export const inCurrency = (options: readonly CarrierOption[], { currency, rates }: Rates): CarrierOption[] =>
  options
    .flatMap((option) => {
      if (option.price.currency === currency) return [option];
      const rate = rates.find((one) => one.currency === option.price.currency)?.rate;
      return rate === undefined ? [] : [{ ...option, price: convert(option.price, rate, currency) }];
    })
    .toSorted((one, other) => one.price.minor - other.price.minor);
