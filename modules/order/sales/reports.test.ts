import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { HOUR_MS, instant } from "@shopnexus/contracts/kit/time";
import { Sales } from "@shopnexus/contracts/order/sales";
import { claim } from "#db/order/claims.ts";
import { parcel } from "#db/order/shipments.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { pending } from "./pending.ts";
import { as, type Sale, sell, type SoldLine } from "./proof/stage.ts";
import { series } from "./series.ts";
import { summary } from "./summary.ts";
import { top } from "./top.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const { summary: SUMMARY, series: SERIES, top: TOP, pending: PENDING } = Sales._handlers;
const seller = (accountId: string) => as(database.db, accountId, "seller");
const MARCH = { fromOn: "2026-03-28", toOn: "2026-03-30", currency: "EUR", zone: "Europe/Berlin" };
const eur = (minor: number) => ({ minor, currency: "EUR" });
const at = (time: string) => new Date(time);

/** A claim in a state, of an order of the seller's. */
const claimed = (of: {
  sellerId: string;
  orderId: string;
  state: "requested" | "returned" | "disputed" | "withdrawn";
  dueAt: Date;
}) =>
  database.db.insert(claim).values({
    ...of,
    refundId: freshId("rfd"),
    checkoutId: freshId("chk"),
    buyerId: freshId("acc"),
    claimKey: freshId("evt"),
    bodyHash: "0",
    reason: "damaged" as const,
    says: "",
    evidence: [],
    currency: "USD",
    askedMinor: 100,
    shareMinor: 0,
    shareCurrency: "USD",
    version: 1,
  });

describe("Sales/summary", () => {
  it("counts what was paid less what went back, beside as many days before, one currency at a time", async () => {
    const sellerId = freshId("acc");
    await sell(database.db, [
      {
        sellerId,
        currency: "EUR",
        placedAt: at("2026-03-28T23:30:00Z"),
        lines: [
          {
            unitMinor: 1_000,
            pieces: 2,
            shippingMinor: 300,
            returnedMinor: 500,
            piecesBack: 1,
            state: "delivered",
          },
          { unitMinor: 9_000, state: "cancelled", returnedMinor: 9_000 },
          { unitMinor: 9_000, state: "rejected", returnedMinor: 9_000 },
        ],
      },
      { sellerId, currency: "EUR", placedAt: at("2026-03-25T11:00:00Z"), lines: [{ unitMinor: 1_200 }] },
      { sellerId, currency: "USD", placedAt: at("2026-03-28T12:00:00Z"), lines: [{ unitMinor: 7 }] },
      { sellerId: freshId("acc"), currency: "EUR", placedAt: at("2026-03-28T12:00:00Z"), lines: [{}] },
    ]);
    const told = SUMMARY.output.parse(await summary(MARCH, seller(sellerId)));
    expect(told).toEqual({
      revenue: eur(1_800),
      orders: 1,
      pieces: 1,
      refunds: eur(500),
      before: { revenue: eur(1_200), orders: 1, pieces: 1 },
      change: { revenue: 5_000, orders: 0, pieces: 0 },
      linesToConfirm: 2,
      openClaims: 0,
    });
    const empty = await summary({ ...MARCH, currency: "JPY" }, seller(sellerId));
    expect(empty).toMatchObject({ orders: 0, change: { revenue: null, orders: null, pieces: null } });
  });

  it("claims that are not over are open, whatever the days and the currency", async () => {
    const sellerId = freshId("acc");
    const [sold] = await sell(database.db, [{ sellerId, lines: [{ state: "refunding" }] }]);
    for (const state of ["requested", "disputed", "withdrawn"] as const)
      await claimed({ sellerId, orderId: sold?.orderId ?? "", state, dueAt: at("2026-04-01T00:00:00Z") });
    expect(await summary(MARCH, seller(sellerId))).toMatchObject({ openClaims: 2, linesToConfirm: 0 });
  });
});

describe("Sales/series", () => {
  it("a day of 23 hours is one bucket, and empty buckets stand between", async () => {
    const sellerId = freshId("acc");
    const line = { lines: [{ unitMinor: 100 }] };
    await sell(database.db, [
      { sellerId, currency: "EUR", placedAt: at("2026-03-27T23:00:00Z"), ...line },
      { sellerId, currency: "EUR", placedAt: at("2026-03-29T21:59:59.999Z"), ...line },
      { sellerId, currency: "EUR", placedAt: at("2026-03-29T22:00:00Z"), ...line },
    ]);
    const read = async (granularity: "day" | "week" | "month") => {
      const told = await series({ ...MARCH, granularity }, seller(sellerId));
      return SERIES.output.parse(told).buckets.map(({ on, revenue }) => [on, revenue.minor]);
    };
    expect(await read("day")).toEqual([
      ["2026-03-28", 100],
      ["2026-03-29", 100],
      ["2026-03-30", 100],
    ]);
    expect(await read("week")).toEqual([
      ["2026-03-23", 200],
      ["2026-03-30", 100],
    ]);
    expect(await read("month")).toEqual([["2026-03-01", 300]]);
    const empty = await series({ ...MARCH, granularity: "day" }, seller(freshId("acc")));
    expect(empty.buckets.map(({ orders }) => orders)).toEqual([0, 0, 0]);
  });
});

describe("Sales/top", () => {
  it("what sold best by pieces or by revenue, called what it was called last", async () => {
    const sellerId = freshId("acc");
    const [cheap, dear] = [freshId("sku"), freshId("sku")];
    const sale = (day: number, line: SoldLine): Sale => ({
      sellerId,
      currency: "EUR",
      placedAt: at(`2026-03-${day}T12:00:00Z`),
      lines: [line],
    });
    await sell(database.db, [
      sale(28, { skuId: cheap, title: "A pencil", unitMinor: 10, pieces: 3 }),
      sale(29, { skuId: cheap, title: "The pencil", unitMinor: 10, pieces: 4 }),
      sale(30, { skuId: dear, title: "A desk", unitMinor: 10_000, pieces: 1 }),
    ]);
    const read = async (by: "pieces" | "revenue", limit?: number) => {
      const told = await top({ ...MARCH, by, ...(limit !== undefined && { limit }) }, seller(sellerId));
      return TOP.output.parse(told).products.map(({ title, pieces }) => [title, pieces]);
    };
    expect(await read("pieces")).toEqual([
      ["The pencil", 7],
      ["A desk", 1],
    ]);
    expect(await read("revenue", 1)).toEqual([["A desk", 1]]);
    expect((await top({ ...MARCH, by: "pieces" }, seller(freshId("acc")))).products).toEqual([]);
  });
});

describe("Sales/summary, Sales/series, Sales/top", () => {
  const asked = [
    (range: typeof MARCH) => summary(range, seller(freshId("acc"))),
    (range: typeof MARCH) => series({ ...range, granularity: "month" }, seller(freshId("acc"))),
    (range: typeof MARCH) => top({ ...range, by: "pieces" }, seller(freshId("acc"))),
  ];

  it("days that run backwards, or on for ever, and zones that are none are refused", async () => {
    for (const ask of asked) {
      await expect(ask({ ...MARCH, toOn: "2026-03-27" })).rejects.toMatchObject({ code: "RANGE_BACKWARDS" });
      await expect(ask({ ...MARCH, toOn: "2999-12-31" })).rejects.toMatchObject({ code: "RANGE_TOO_LONG" });
      const nowhere = { ...MARCH, zone: "Europe/Nowhere" };
      await expect(ask(nowhere)).rejects.toMatchObject({ code: "ZONE_UNKNOWN", status: 422 });
    }
  });

  it("every zone that this machine knows by area and city is known to the database; what is no name is turned away", async () => {
    const takes = (zone: string) => SUMMARY.input.safeParse({ ...MARCH, zone }).success;
    for (const zone of Intl.supportedValuesOf("timeZone").filter((name) => name.includes("/"))) {
      expect([zone, takes(zone)]).toEqual([zone, true]);
      expect(await summary({ ...MARCH, zone }, seller(freshId("acc")))).toMatchObject({ orders: 0 });
    }
    for (const zone of [
      "",
      "utc",
      "+01:00",
      "Europe/Berlin+3",
      "UTC'; select 1",
      "now",
      "Etc/GMT-14",
      "A/".repeat(9),
    ])
      expect([zone, takes(zone)]).toEqual([zone, false]);
    for (const fromOn of ["0000-01-01", "2026-02-30", "1969-12-31", "3000-01-01", "2026-3-1"])
      expect(SUMMARY.input.safeParse({ ...MARCH, fromOn }).success).toBe(false);
  });
});

describe("Sales/pending", () => {
  it("counts what waits for this seller, and says what is due first", async () => {
    const [sellerId, other] = [freshId("acc"), freshId("acc")];
    const soon = new Date(Date.now() + HOUR_MS);
    const later = new Date(Date.now() + 9 * HOUR_MS);
    const sold = { lines: [{ dueAt: later }, { dueAt: soon }, { state: "confirmed" as const }] };
    const orders = await sell(database.db, [
      { sellerId, ...sold },
      { sellerId: other, ...sold },
    ]);
    for (const [at, { orderId }] of orders.entries()) {
      const own = { orderId, sellerId: at === 0 ? sellerId : other };
      await claimed({ ...own, state: "returned", dueAt: later });
      await claimed({ ...own, state: "requested", dueAt: soon });
      await claimed({ ...own, state: "disputed", dueAt: soon });
      const parcels = [
        { state: "waiting" as const, trouble: "carrier_refused" as const },
        { state: "waiting" as const, trouble: "carrier_down" as const },
        { state: "over" as const, trouble: "carrier_refused" as const },
      ];
      for (const how of parcels)
        await database.db.insert(parcel).values({
          parcelId: freshId("par"),
          orderId,
          lineIds: [freshId("lin")],
          tryAt: later,
          ...how,
          carrier: "swift",
          service: "standard",
        });
    }
    const told = PENDING.output.parse(await pending({}, seller(sellerId)));
    expect(told).toEqual({
      linesToConfirm: { count: 2, dueAt: instant(soon.getTime()) },
      claimsToAnswer: { count: 2, dueAt: instant(soon.getTime()) },
      shipmentsRefused: { count: 1, dueAt: instant(later.getTime()) },
    });
    const none = { count: 0, dueAt: null };
    expect(await pending({}, seller(freshId("acc")))).toEqual({
      linesToConfirm: none,
      claimsToAnswer: none,
      shipmentsRefused: none,
    });
  });
});
