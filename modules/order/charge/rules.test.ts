import { describe, expect, it } from "vitest";
import { isAsAsked, paidOf } from "./rules.ts";

const paid = {
  amountMinor: 2_500,
  currency: "USD",
  gatewayRef: "pi_1",
  paidMinor: 2_500,
  paidCurrency: "USD",
  paidRef: "pi_1",
};

describe("isAsAsked", () => {
  it("amount, currency and reference are all as asked, or it is not the payment", () => {
    expect(isAsAsked(paid)).toBe(true);
    const wrong = [
      { paidMinor: 2_499 },
      { paidMinor: 2_501 },
      { paidMinor: null },
      { paidCurrency: "EUR" },
      { paidCurrency: null },
      { paidRef: "pi_2" },
      { paidRef: null },
    ];
    for (const part of wrong) expect([part, isAsAsked({ ...paid, ...part })]).toEqual([part, false]);
  });

  it("nothing to pay needs no gateway's word", () => {
    const free = { amountMinor: 0, currency: "USD", gatewayRef: null };
    expect(isAsAsked({ ...free, paidMinor: 0, paidCurrency: "USD", paidRef: null })).toBe(true);
  });
});

it("paidOf: what came in, and null where nothing did", () => {
  expect(paidOf(paid)).toEqual({ minor: 2_500, currency: "USD" });
  expect(paidOf({ paidMinor: null, paidCurrency: null })).toBeNull();
});
