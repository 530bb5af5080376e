import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  add,
  convert,
  equals,
  least,
  money,
  Money,
  minorDigits,
  MINOR_MAX,
  Price,
  share,
  split,
  subtract,
  sum,
  times,
} from "./money.ts";

const anyMinor = fc.integer({ min: -MINOR_MAX, max: MINOR_MAX });
const anyPrice = fc.integer({ min: 0, max: MINOR_MAX });
const anyWeights = fc
  .array(fc.integer({ min: 0, max: MINOR_MAX }), { minLength: 1, maxLength: 50 })
  .filter((weights) => weights.some((weight) => weight > 0));
const dong = (minor: number) => money(minor, "VND");

describe("split", () => {
  test("the parts add up to the amount exactly", () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (minor, weights) => {
        const parts = split(dong(minor), weights);
        expect(parts).toHaveLength(weights.length);
        expect(sum(parts, "VND").minor).toBe(minor);
      }),
    );
  });

  test("each part is less than one minor unit from its ideal", () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (minor, weights) => {
        const whole = weights.reduce((total, weight) => total + BigInt(weight), 0n);
        for (const [at, part] of split(dong(minor), weights).entries()) {
          const off = BigInt(part.minor) * whole - BigInt(minor) * BigInt(weights[at] ?? 0);
          expect(off < whole && off > -whole).toBe(true);
        }
      }),
    );
  });

  test("a part without weight gets nothing", () => {
    fc.assert(
      fc.property(anyMinor, anyWeights, (minor, weights) => {
        const parts = split(dong(minor), [...weights, 0]);
        expect(parts.filter((part, at) => at === weights.length && part.minor !== 0)).toEqual([]);
        expect(parts.slice(0, -1)).toEqual(split(dong(minor), weights));
      }),
    );
  });

  test("no part is more than its weight when the amount is not more than all of them", () => {
    fc.assert(
      fc.property(anyWeights, fc.integer({ min: 0, max: 10_000 }), (weights, basisPoints) => {
        const whole = sum(weights.map(dong), "VND");
        const parts = split(share(whole, basisPoints), weights);
        expect(parts.every((part, at) => part.minor <= (weights[at] ?? 0))).toBe(true);
      }),
    );
  });

  test("the same question has the same answer, and leftover units go to the greatest remainder, then to the earlier part", () => {
    expect(split(dong(100), [1, 1, 1]).map(({ minor }) => minor)).toEqual([34, 33, 33]);
    expect(split(dong(10), [15, 25, 60]).map(({ minor }) => minor)).toEqual([2, 2, 6]);
    expect(split(dong(-100), [1, 1, 1]).map(({ minor }) => minor)).toEqual([-34, -33, -33]);
    fc.assert(
      fc.property(anyMinor, anyWeights, (minor, weights) => {
        expect(split(dong(minor), weights)).toEqual(split(dong(minor), weights));
      }),
    );
  });

  test("weights that add up to nothing, or are negative, are refused", () => {
    expect(() => split(dong(1), [0, 0])).toThrow(RangeError);
    expect(() => split(dong(1), [])).toThrow(RangeError);
    expect(() => split(dong(1), [2, -1])).toThrow(RangeError);
  });
});

describe("share", () => {
  test("half a minor unit is rounded away from zero", () => {
    expect(share(dong(1), 5_000).minor).toBe(1);
    expect(share(dong(1), 4_999).minor).toBe(0);
    expect(share(dong(-1), 5_000).minor).toBe(-1);
    expect(share(dong(250), 1_000).minor).toBe(25);
  });

  test("of a price it is between nothing and the price, and is exact at both ends", () => {
    fc.assert(
      fc.property(anyPrice, fc.integer({ min: 0, max: 10_000 }), (minor, basisPoints) => {
        const part = share(dong(minor), basisPoints).minor;
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(minor);
        const off = BigInt(part) * 10_000n - BigInt(minor) * BigInt(basisPoints);
        expect(off > -5_000n && off <= 5_000n).toBe(true);
        expect(share(dong(minor), 0)).toEqual(dong(0));
        expect(share(dong(minor), 10_000)).toEqual(dong(minor));
      }),
    );
  });

  test("is odd: the share of a debt is minus the share of the credit, and never minus zero", () => {
    fc.assert(
      fc.property(anyPrice, fc.integer({ min: 0, max: 10_000 }), (minor, basisPoints) => {
        expect(share(dong(-minor), basisPoints)).toEqual(times(share(dong(minor), basisPoints), -1));
      }),
    );
  });
});

describe("arithmetic", () => {
  test("adding and subtracting are each other's undo", () => {
    fc.assert(
      fc.property(anyMinor, anyMinor, (a, b) => {
        expect(subtract(add(dong(a), dong(b)), dong(b))).toEqual(dong(a));
      }),
    );
  });

  test("two currencies do not add up", () => {
    const euro = money(1, "EUR");
    for (const mixed of [
      () => add(dong(1), euro),
      () => subtract(dong(1), euro),
      () => least(dong(1), euro),
      () => sum([dong(1), euro], "VND"),
      () => sum([dong(1)], "EUR"),
    ]) {
      expect(mixed).toThrow("do not add up");
    }
    expect(equals(dong(1), money(1, "EUR"))).toBe(false);
    expect(equals(dong(1), dong(1))).toBe(true);
  });

  test("what is not a whole number of minor units, or not exact, is refused", () => {
    expect(() => money(0.5, "EUR")).toThrow(RangeError);
    expect(() => money(Number.NaN, "EUR")).toThrow(RangeError);
    expect(() => times(dong(MINOR_MAX), 1_000_000)).toThrow(RangeError);
    expect(Object.is(times(dong(0), -1).minor, 0)).toBe(true);
  });

  test("the lesser of two amounts is one of them, and not the greater", () => {
    expect(least(dong(3), dong(2))).toEqual(dong(2));
    expect(least(dong(-3), dong(2))).toEqual(dong(-3));
  });
});

test("on the wire: whole minor units within bounds, an upper case currency; a price is not negative", () => {
  expect(Money.safeParse({ minor: -1, currency: "EUR" }).success).toBe(true);
  expect(Price.safeParse({ minor: 0, currency: "EUR" }).success).toBe(true);
  for (const wrong of [
    { minor: -1, currency: "EUR" },
    { minor: 1.5, currency: "EUR" },
    { minor: MINOR_MAX + 1, currency: "EUR" },
    { minor: 1, currency: "eur" },
    { minor: "1", currency: "EUR" },
  ]) {
    expect(Price.safeParse(wrong).success).toBe(false);
  }
});

describe("convert", () => {
  test("minor units follow the currencies' own digits", () => {
    expect(convert(money(1_000, "USD"), "25000", "VND")).toEqual(money(250_000, "VND"));
    expect(convert(money(250_000, "VND"), "0.00004", "USD")).toEqual(money(1_000, "USD"));
    expect(convert(money(1_234, "KWD"), "3.25", "USD")).toEqual(money(401, "USD"));
    expect(minorDigits("VND")).toBe(0);
  });
  test("half a minor unit is rounded away from zero", () => {
    expect(convert(money(1, "USD"), "0.5", "EUR")).toEqual(money(1, "EUR"));
    expect(convert(money(-1, "USD"), "0.5", "EUR")).toEqual(money(-1, "EUR"));
    expect(convert(money(1, "USD"), "0.499999999999", "EUR")).toEqual(money(0, "EUR"));
  });
  test("a rate of one changes nothing but the name", () => {
    fc.assert(
      fc.property(anyMinor, (minor) => {
        expect(convert(money(minor, "USD"), "1", "EUR")).toEqual(money(minor, "EUR"));
      }),
    );
  });
});
