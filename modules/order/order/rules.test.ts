import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bySeller, sentenceOf } from "./rules.ts";

describe("bySeller", () => {
  const line = fc.record({ sellerId: fc.constantFrom("acc_a", "acc_b", "acc_c"), at: fc.nat() });

  it("every line is in exactly one group, the one of its seller, in the order given", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        for (const { sellerId, lines: own } of bySeller(lines))
          expect(own).toEqual(lines.filter((one) => one.sellerId === sellerId));
        expect(bySeller(lines).flatMap(({ lines: own }) => own)).toHaveLength(lines.length);
      }),
    );
  });

  it("sellers stand in the order of their ids, whatever the order of the lines", () => {
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const sellers = bySeller(lines).map(({ sellerId }) => sellerId);
        expect(sellers).toEqual(
          [...new Set(lines.map(({ sellerId }) => sellerId))].toSorted((a, b) => (a < b ? -1 : 1)),
        );
        expect(bySeller(lines.toReversed()).map(({ sellerId }) => sellerId)).toEqual(sellers);
      }),
    );
  });
});

describe("sentenceOf", () => {
  it("a fact is one sentence, and its detail stands inside it", () => {
    expect(sentenceOf("orders_placed", "")).toBe("The orders were placed with their sellers.");
    expect(sentenceOf("payment_declined", "insufficient_funds")).toBe(
      "The payment was declined; the buyer may try again (insufficient_funds).",
    );
  });
});
