/** Where every minor unit of what is taken over several lines falls, against whole numbers without bound. */
import { MINOR_MAX } from "@shopnexus/contracts/kit/money";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { quote } from "../quote/rules.ts";
import { basketOf, euro, fixed, percent, running } from "./proof/table.ts";

const minor = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: MINOR_MAX / 20 }));
const costs = fc.array(minor, { minLength: 1, maxLength: 20 });
const all = { left: euro(MINOR_MAX) };

/** Floors first, then one unit each to the greatest remainders; of equal ones to the first. */
const byLargestRemainder = (amount: number, over: readonly number[]): number[] => {
  const whole = over.reduce((sum, one) => sum + BigInt(one), 0n);
  if (whole === 0n) return over.map(() => 0);
  const floors = over.map((one) => (BigInt(amount) * BigInt(one)) / whole);
  const remainders = over.map((one) => (BigInt(amount) * BigInt(one)) % whole);
  const missing = Number(BigInt(amount) - floors.reduce((sum, one) => sum + one, 0n));
  const ranked = [...over.keys()].toSorted((a, b) => Number(remainders[b]! - remainders[a]!) || a - b);
  const lucky = new Set(ranked.slice(0, missing));
  return floors.map((one, at) => Number(one) + (lucky.has(at) ? 1 : 0));
};

const discountsOf = (lines: readonly number[], discount: Parameters<typeof running>[1]): number[] => {
  const basket = basketOf(lines.map((cost) => `A ${cost}x1`).join(", "));
  // Asked from the last to the first: who is first is decided by SKU.
  const view = quote({ ...basket, lines: basket.lines.toReversed() }, [running(1, discount, all)]);
  return view.lines.map((line) => line.discount.minor).toReversed();
};

test("an amount over several lines is shared by largest remainder to the last minor unit, ties to the lesser SKU", () => {
  fc.assert(
    fc.property(costs, minor, (lines, amount) => {
      const whole = lines.reduce((sum, cost) => sum + cost, 0);
      const taken = Math.min(amount, whole);
      expect(discountsOf(lines, fixed(amount))).toEqual(byLargestRemainder(taken, lines));
    }),
    { numRuns: 500 },
  );
});

test("a percentage is of the whole, half a minor unit up, and shared by largest remainder", () => {
  fc.assert(
    fc.property(costs, fc.integer({ min: 1, max: 10_000 }), (lines, basisPoints) => {
      const whole = lines.reduce((sum, cost) => sum + BigInt(cost), 0n);
      const taken = Number((whole * BigInt(basisPoints) + 5_000n) / 10_000n);
      expect(discountsOf(lines, percent(basisPoints))).toEqual(byLargestRemainder(taken, lines));
    }),
    { numRuns: 500 },
  );
});
