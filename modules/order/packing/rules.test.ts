import { describe, expect, it } from "vitest";
import { bookingOf, leftOf, retryMs } from "./rules.ts";

const parcel = { parcelId: "par_1", lineIds: ["a", "b"], choice: 1 };
const idOf = (...parts: readonly string[]) => parts.join("/");
const line = (
  lineId: string,
  state: "confirmed" | "shipped" | "refunded",
  shipmentId: string | null = null,
) => ({
  lineId,
  state,
  shipmentId,
});
const idsOf = (lines: readonly { lineId: string }[]) => lines.map(({ lineId }) => lineId);

describe("what is left in a parcel", () => {
  it("its confirmed lines that no booking bears; those of other parcels are not its own", () => {
    const lines = [line("a", "confirmed"), line("b", "refunded"), line("c", "confirmed")];
    expect(idsOf(leftOf(parcel, lines, idOf))).toEqual(["a"]);
  });

  it("nothing, when all of it came to nothing or went another way", () => {
    expect(leftOf(parcel, [line("a", "refunded"), line("b", "shipped", "other")], idOf)).toEqual([]);
  });

  it("what the carrier fetched before its answer was heard still is in the booking that all of it makes", () => {
    const id = idOf(...bookingOf(parcel, [{ lineId: "a" }, { lineId: "b" }]));
    const lines = [line("a", "shipped", id), line("b", "shipped", id)];
    expect(idsOf(leftOf(parcel, lines, idOf))).toEqual(["a", "b"]);
  });

  it("another choice or other lines make another booking, the same ones the same", () => {
    const both = [{ lineId: "a" }, { lineId: "b" }];
    expect(bookingOf(parcel, both)).toEqual(bookingOf(parcel, both));
    expect(bookingOf({ ...parcel, choice: 2 }, both)).not.toEqual(bookingOf(parcel, both));
    expect(bookingOf(parcel, [{ lineId: "a" }])).not.toEqual(bookingOf(parcel, both));
  });
});

describe("how patient the shop is", () => {
  it("twice as long after each try, up to sixteen times the first wait", () => {
    expect([0, 1, 2, 3, 4, 5, 100].map((tries) => retryMs(300, tries))).toEqual([
      300, 600, 1_200, 2_400, 4_800, 4_800, 4_800,
    ]);
  });
});
