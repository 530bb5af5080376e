import { describe, expect, it } from "vitest";
import { ShipmentState } from "@shopnexus/contracts/order/carriage";
import {
  boxOf,
  eventOf,
  inCurrency,
  isBooked,
  isTracked,
  isUnderWay,
  packedOf,
  placeOf,
  statesBefore,
} from "./rules.ts";

/** From the beginning to the end; an end has nothing after it. */
const WAY = [
  "booking",
  "booked",
  "withdrawing",
  "picked_up",
  "in_transit",
  "out_for_delivery",
  "failed_attempt",
  "lost",
] as const;
const before = (state: (typeof WAY)[number]): readonly ShipmentState[] => WAY.slice(0, WAY.indexOf(state));
const AFTER: Readonly<Record<ShipmentState, readonly ShipmentState[]>> = {
  booking: [],
  booked: before("booked"),
  withdrawing: before("withdrawing"),
  picked_up: before("picked_up"),
  in_transit: before("in_transit"),
  out_for_delivery: before("out_for_delivery"),
  failed_attempt: before("failed_attempt"),
  lost: before("lost"),
  delivered: WAY,
  returned: WAY,
  cancelled: before("picked_up"),
};

describe("how far a parcel has come", () => {
  it.each(ShipmentState.options)("%s follows what is before it, and nothing else", (state) => {
    expect(new Set(statesBefore(state))).toEqual(new Set(AFTER[state]));
  });

  it("an end is an end: whichever is said first stays", () => {
    for (const end of ["delivered", "returned", "cancelled"] as const)
      for (const state of ShipmentState.options) expect(statesBefore(state)).not.toContain(end);
  });

  it.each(ShipmentState.options)(
    "%s: what it means for the lines, and whether there may be news",
    (state) => {
      const meaning = {
        event: eventOf(state),
        booked: isBooked(state),
        tracked: isTracked(state),
        away: isUnderWay(state),
      };
      const none = { event: undefined, booked: false, tracked: false, away: false };
      const shipped = { event: "ship", booked: true, tracked: true, away: true };
      const all: Record<ShipmentState, typeof meaning> = {
        booking: none,
        withdrawing: none,
        cancelled: none,
        booked: { ...none, booked: true, tracked: true },
        picked_up: { ...shipped, event: "ship" },
        in_transit: { ...shipped, event: "ship" },
        out_for_delivery: { ...shipped, event: "ship" },
        failed_attempt: { ...shipped, event: "ship" },
        lost: { ...shipped, event: "lose" },
        delivered: { ...shipped, event: "deliver", tracked: false },
        returned: { ...shipped, event: "lose", tracked: false },
      };
      expect(meaning).toEqual(all[state]);
    },
  );
});

describe("what is packed together", () => {
  it("weighs what all of it weighs; one thing lies on the other", () => {
    const plate = packedOf({ pieces: 3, weightGrams: 200, sizeMm: { length: 300, width: 250, height: 20 } });
    const sack = packedOf({ pieces: 2, weightGrams: 1_000, sizeMm: null });
    expect(boxOf([plate, sack])).toEqual({ weightGrams: 2_600, lengthMm: 300, widthMm: 250, heightMm: 60 });
    expect(boxOf([sack])).toEqual({ weightGrams: 2_000, lengthMm: 0, widthMm: 0, heightMm: 0 });
  });

  it("an address goes without our name for it; none stays none", () => {
    const place = {
      recipient: "An",
      phone: "+84900000000",
      line1: "1",
      city: "Hue",
      postcode: "5",
      country: "VN",
    };
    expect(placeOf({ addressId: "adr_1", ...place })).toEqual(place);
    expect(placeOf(null)).toBeNull();
  });
});

describe("inCurrency", () => {
  const option = (minor: number, currency: string) => ({
    carrier: "swift",
    service: "standard",
    price: { minor, currency },
    days: 1,
  });

  it("prices in one currency, cheapest first; what has no rate is left out", () => {
    const options = [option(700, "USD"), option(100, "EUR"), option(1, "KWD")];
    const found = inCurrency(options, { currency: "USD", rates: [{ currency: "EUR", rate: "1.25" }] });
    expect(found.map(({ price }) => price)).toEqual([
      { minor: 125, currency: "USD" },
      { minor: 700, currency: "USD" },
    ]);
  });
});
