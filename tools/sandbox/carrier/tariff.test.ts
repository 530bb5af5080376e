import { expect, test } from "vitest";
import { billableKg, priceOf } from "./tariff.ts";

const box = (weightGrams: number, sideMm = 0) => ({
  weightGrams,
  lengthMm: sideMm,
  widthMm: sideMm,
  heightMm: sideMm,
});
const tariff = { baseMinor: 500, perKgMinor: 200 };
const price = (currency: string, basisPoints = 10_000) =>
  priceOf(tariff, { parcel: box(2_001), basisPoints, currency });

test("billableKg: started kilograms, one at least", () => {
  expect([0, 1, 1_000, 1_001, 2_000].map((grams) => billableKg(box(grams)))).toEqual([1, 1, 1, 2, 2]);
});

test("billableKg: what is large counts by its volume", () => {
  expect(billableKg(box(100, 200))).toBe(2);
  expect(billableKg(box(100, 170))).toBe(1);
  expect(billableKg(box(9_500, 200))).toBe(10);
});

test("priceOf: base and kilograms, by the share of the service, in the currency asked for", () => {
  expect(price("USD")).toEqual({ minor: 1_100, currency: "USD" });
  expect(price("USD", 15_000)).toEqual({ minor: 1_650, currency: "USD" });
  expect(price("EUR")).toEqual({ minor: 1_012, currency: "EUR" });
  expect(price("VND")).toEqual({ minor: 275_000, currency: "VND" });
});

test("priceOf: a currency that no carrier names prices in is answered in USD", () => {
  expect(price("KWD")).toEqual(price("USD"));
});

test("priceOf: a tariff of nothing is free everywhere", () => {
  const free = (currency: string) =>
    priceOf({ baseMinor: 0, perKgMinor: 0 }, { parcel: box(5_000), basisPoints: 18_000, currency });
  for (const currency of ["USD", "EUR", "VND"]) expect(free(currency)).toEqual({ minor: 0, currency });
});
