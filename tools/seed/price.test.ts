import * as fc from "fast-check";
import { expect, it } from "vitest";
import { products } from "./catalogue.ts";
import { toMinor } from "./price.ts";

it("toMinor: the digits of the price are the digits of the cents, for every amount up to ten million", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (minor) => {
      const text = `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, "0")}`;
      expect(toMinor(Number(text))).toBe(minor);
    }),
  );
});

it("toMinor: the ones that multiplication gets wrong", () => {
  for (const [price, minor] of [
    [9.99, 999],
    [19.99, 1999],
    [1.15, 115],
    [4.35, 435],
    [1.1, 110],
    [7, 700],
    [0.07, 7],
    [36_999.99, 3_699_999],
  ] as const)
    expect(toMinor(price)).toBe(minor);
});

it("toMinor: what is no price with two decimals is refused, not rounded", () => {
  for (const wrong of [1.005, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e21, 1e-7])
    expect(() => toMinor(wrong)).toThrow(RangeError);
});

it("products: every product of the catalogue fits the promises of Listing", () => {
  const all = products();
  expect(all).toHaveLength(194);
  expect(new Set(all.map(({ category, title }) => `${category}/${title}`)).size).toBe(194);
  expect(all.find(({ title }) => title === "Essence Mascara Lash Princess")).toMatchObject({
    code: "BEA-ESS-ESS-001",
    price: { minor: 999, currency: "USD" },
    weightGrams: 400,
    pieces: 99,
  });
});
