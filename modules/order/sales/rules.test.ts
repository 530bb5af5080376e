import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHANGE_MAX } from "@shopnexus/contracts/order/sales";
import {
  assertBuckets,
  assertDays,
  bucketCount,
  changeOf,
  dayBefore,
  dayCount,
  placeOf,
  toPlace,
} from "./rules.ts";

const refusalOf = (work: () => void): unknown => {
  try {
    work();
    return "none";
  } catch (error) {
    return error;
  }
};

describe("days", () => {
  it("both ends count; as many go before, and end the day before the first", () => {
    expect(dayCount({ fromOn: "2026-03-29", toOn: "2026-03-29" })).toBe(1);
    expect(dayCount({ fromOn: "2028-02-01", toOn: "2028-03-01" })).toBe(30);
    expect(dayBefore({ fromOn: "2026-03-29", toOn: "2026-03-29" })).toBe("2026-03-28");
    expect(dayBefore({ fromOn: "2026-01-01", toOn: "2026-12-31" })).toBe("2025-01-01");
  });

  it("a range that ends before it begins is refused (RANGE_BACKWARDS)", () => {
    const days = { fromOn: "2026-03-29", toOn: "2026-03-28" };
    expect(refusalOf(() => assertDays(days))).toMatchObject({ code: "RANGE_BACKWARDS", status: 422 });
    expect(refusalOf(() => assertBuckets(days, "month"))).toMatchObject({ code: "RANGE_BACKWARDS" });
  });

  it("ten years and ten days, or four hundred buckets, and not one more (RANGE_TOO_LONG)", () => {
    expect(refusalOf(() => assertDays({ fromOn: "2020-01-01", toOn: "2030-01-07" }))).toBe("none");
    expect(refusalOf(() => assertDays({ fromOn: "2020-01-01", toOn: "2030-01-08" }))).toMatchObject({
      code: "RANGE_TOO_LONG",
      data: { asked: 3_661, atMost: 3_660 },
    });
    const year = { fromOn: "2026-01-01", toOn: "2027-02-04" };
    expect(refusalOf(() => assertBuckets(year, "day"))).toBe("none");
    expect(refusalOf(() => assertBuckets({ ...year, toOn: "2027-02-05" }, "day"))).toMatchObject({
      code: "RANGE_TOO_LONG",
      data: { asked: 401, atMost: 400 },
    });
    expect(refusalOf(() => assertBuckets({ fromOn: "1970-01-01", toOn: "2003-04-30" }, "month"))).toBe(
      "none",
    );
  });
});

describe("bucketCount", () => {
  it("weeks begin on Monday, months on the first", () => {
    const sunday = { fromOn: "2026-03-29", toOn: "2026-03-30" };
    expect([bucketCount(sunday, "day"), bucketCount(sunday, "week"), bucketCount(sunday, "month")]).toEqual([
      2, 2, 1,
    ]);
    expect(bucketCount({ fromOn: "2026-03-30", toOn: "2026-04-05" }, "week")).toBe(1);
    expect(bucketCount({ fromOn: "2025-12-31", toOn: "2026-01-01" }, "month")).toBe(2);
  });
});

describe("changeOf", () => {
  it("basis points, half of one away from zero; nothing to compare with is null", () => {
    expect(changeOf(150, 100)).toBe(5_000);
    expect(changeOf(0, 100)).toBe(-10_000);
    expect(changeOf(20_001, 20_000)).toBe(1);
    expect(changeOf(19_999, 20_000)).toBe(-1);
    expect(changeOf(7, 7)).toBe(0);
    expect(changeOf(7, 0)).toBeNull();
  });

  it("is what the exact quotient rounds to, whatever the sums, up to what anybody compares", () => {
    const minor = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(minor, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (now, before) => {
        const change = changeOf(now, before) ?? Number.NaN;
        expect(change).toBeLessThanOrEqual(CHANGE_MAX);
        if (change === CHANGE_MAX) return;
        const off = (BigInt(now) - BigInt(before)) * 10_000n - BigInt(change) * BigInt(before);
        expect((off < 0n ? -off : off) * 2n <= BigInt(before)).toBe(true);
      }),
    );
  });
});

describe("a place in the inbox", () => {
  it("comes back as it went; anything else is none", () => {
    const place = { orderId: `ord_${"0a".repeat(16)}`, dueMicros: "1795270864199123" };
    expect(toPlace(placeOf(place))).toEqual(place);
    for (const after of [
      "",
      "x",
      place.orderId,
      `${place.orderId}.`,
      `${place.orderId}.1e3`,
      `${place.orderId}.-1`,
    ])
      expect(toPlace(after)).toBeUndefined();
  });
});
