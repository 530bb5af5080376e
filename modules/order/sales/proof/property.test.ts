/** Reports against a recount in TypeScript, on random sales around the days on which clocks are changed. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import type { LineState } from "@shopnexus/contracts/order/line";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { bucketCount, changeOf, dayCount } from "../rules.ts";
import { series } from "../series.ts";
import { summary } from "../summary.ts";
import { top } from "../top.ts";
import { type Counted, dayIn, recount, shifted } from "./recount.ts";
import { as, sell } from "./stage.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

/** Zones, each with an instant at which its clocks jump; one where a whole day is left out, one without any. */
const EDGES: readonly (readonly [zone: string, at: string])[] = [
  ["UTC", "2026-01-01T00:00:00Z"],
  ["Asia/Ho_Chi_Minh", "2025-12-31T17:00:00Z"],
  ["Europe/Berlin", "2026-03-29T01:00:00Z"],
  ["Europe/Berlin", "2026-10-25T01:00:00Z"],
  ["America/Los_Angeles", "2026-03-08T10:00:00Z"],
  ["America/Havana", "2026-11-01T05:00:00Z"],
  ["America/Santiago", "2026-09-06T04:00:00Z"],
  ["Africa/Cairo", "2025-04-24T22:00:00Z"],
  ["Australia/Lord_Howe", "2026-04-04T15:00:00Z"],
  ["Asia/Kathmandu", "2026-02-28T18:15:00Z"],
  ["Pacific/Kiritimati", "2026-02-28T10:00:00Z"],
  ["Pacific/Apia", "2011-12-30T10:00:00Z"],
];
const STATES: readonly LineState[] = ["paid", "shipped", "fulfilled", "refunded", "cancelled", "rejected"];
const SKUS = Array.from({ length: 4 }, () => freshId("sku"));

const anyLine = fc.record({
  skuId: fc.constantFrom(...SKUS),
  state: fc.constantFrom(...STATES),
  pieces: fc.integer({ min: 1, max: 5 }),
  unitMinor: fc.constantFrom(0, 1, 999, 1_000_000_000),
  shippingMinor: fc.integer({ min: 0, max: 300 }),
  back: fc.double({ min: 0, max: 1, noNaN: true }),
});
const anySale = fc.record({
  /** Around the jump: mostly within minutes or hours of it, some further off. */
  offMs: fc.oneof(
    fc.integer({ min: -5, max: 5 }).map((minutes) => minutes * MINUTE_MS),
    fc.integer({ min: -60_000, max: 60_000 }),
    fc.integer({ min: -72, max: 72 }).map((hours) => hours * HOUR_MS - 1),
    fc.integer({ min: -60 * 24, max: 60 * 24 }).map((hours) => hours * HOUR_MS),
  ),
  currency: fc.constantFrom("USD", "USD", "VND"),
  lines: fc.uniqueArray(anyLine, { minLength: 1, maxLength: 3, selector: ({ skuId }) => skuId }),
});
const anyCase = fc.record({
  edge: fc.constantFrom(...EDGES),
  sales: fc.array(anySale, { maxLength: 25 }),
  before: fc.integer({ min: 0, max: 40 }),
  days: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 60 })),
  granularity: fc.constantFrom("day" as const, "week" as const, "month" as const),
  by: fc.constantFrom("pieces" as const, "revenue" as const),
  limit: fc.integer({ min: 1, max: 3 }),
});
type Case = typeof anyCase extends fc.Arbitrary<infer T> ? T : never;

const write = async (sellerId: string, { edge, sales }: Case): Promise<Counted[]> => {
  const jump = Date.parse(edge[1]);
  const written = sales.map(({ offMs, currency, lines }) => ({
    sellerId,
    currency,
    placedAt: new Date(jump + offMs),
    lines: lines.map(({ back, ...line }) => ({
      ...line,
      returnedMinor: Math.floor(back * (line.pieces * line.unitMinor + line.shippingMinor)),
      piecesBack: Math.floor(back * line.pieces),
    })),
  }));
  const ids = await sell(database.db, written);
  return written.flatMap(({ currency, placedAt, lines }, at) =>
    lines.map((line) => ({
      ...line,
      orderId: ids[at]?.orderId ?? "",
      currency,
      placedAt,
      paidMinor: line.pieces * line.unitMinor + line.shippingMinor,
    })),
  );
};

const usd = <T extends { revenue: number }>({ revenue, ...rest }: T) => ({
  ...rest,
  revenue: { minor: revenue, currency: "USD" },
});

it("reports are what a recount of every line gives, in every zone, on days of 23, 24, 25 hours and of none", async () => {
  await fc.assert(
    fc.asyncProperty(anyCase, async (one) => {
      const sellerId = freshId("acc");
      const counted = recount(await write(sellerId, one), "USD", one.edge[0]);
      const fromOn = shifted(dayIn(one.edge[0], new Date(one.edge[1])), -one.before);
      const days = { fromOn, toOn: shifted(fromOn, one.days) };
      const range = { ...days, currency: "USD", zone: one.edge[0] };
      const scene = as(database.db, sellerId, "seller");

      const told = await summary(range, scene);
      const last = shifted(fromOn, -1);
      const earlier = counted.sums({ fromOn: shifted(fromOn, -dayCount(days)), toOn: last });
      const now = counted.sums(days);
      expect(told).toMatchObject({ ...usd(now), before: usd(earlier) });
      expect(told.refunds.minor).toBe(counted.refunds(days));
      expect(told.change.orders).toBe(changeOf(now.orders, earlier.orders));

      const { buckets } = await series({ ...range, granularity: one.granularity }, scene);
      expect(buckets).toEqual(counted.buckets(days, one.granularity).map(usd));
      expect(buckets).toHaveLength(bucketCount(days, one.granularity));

      const { products } = await top({ ...range, by: one.by, limit: one.limit }, scene);
      const best = products.map(({ listingId: _listing, title: _title, ...sold }) => sold);
      expect(best).toEqual(counted.top(days, one.by, one.limit).map(usd));
    }),
    { numRuns: 250 },
  );
}, 60_000);
