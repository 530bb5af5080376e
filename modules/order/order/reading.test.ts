import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { DAY_MS, HOUR_MS, instant } from "@shopnexus/contracts/kit/time";
import { Order } from "@shopnexus/contracts/order/order";
import type { OrderTab } from "@shopnexus/contracts/order/purchase";
import { shipment } from "#db/order/shipments.ts";
import { lineMoney } from "#db/order/line-money.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { claimOf, moduleScene, opened, lineOf } from "../attempt/proof/stage.ts";
import { claim } from "../attempt/claim.ts";
import { as, sell } from "../sales/proof/stage.ts";
import { follow } from "./follow.ts";
import { list } from "./list.ts";
import { listCheckouts } from "./list-checkouts.ts";
import { read } from "./read.ts";
import { tell } from "./rows.ts";
import { tabs } from "./tabs.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const { read: READ, list: LIST, tabs: TABS, listCheckouts: CHECKOUTS, follow: FOLLOW } = Order._handlers;
const me = (accountId: string, ...roles: ("seller" | "operator")[]) => as(database.db, accountId, ...roles);
const usd = (minor: number) => ({ minor, currency: "USD" });
const UNKNOWN = { code: "ORDER_UNKNOWN", status: 404 };
const BARE = { carriedMinor: 0, releasedMinor: 0, returnedMinor: 0, clawedMinor: 0, uncarriedMinor: 0 };

describe("Order/read", () => {
  it("says where all of the money is; only the seller and operators are told what it brings", async () => {
    const sellerId = freshId("acc");
    const [sold] = await sell(database.db, [
      {
        sellerId,
        sellerCurrency: "VND",
        sellerRate: "25000",
        lines: [
          {
            unitMinor: 1_000,
            shippingMinor: 100,
            commissionMinor: 100,
            carriedMinor: 100,
            state: "delivered",
          },
          { unitMinor: 500, commissionMinor: 50, returnedMinor: 500, state: "cancelled" },
        ],
      },
    ]);
    const { orderId = "", buyerId = "" } = sold ?? {};
    const asBuyer = READ.output.parse(await read({ orderId }, me(buyerId)));
    expect(asBuyer).toMatchObject({
      goods: usd(1_500),
      shipping: usd(100),
      total: usd(1_600),
      tab: "completed",
      proceeds: null,
      money: { escrow: usd(1_000), carried: usd(100), released: usd(0), returned: usd(500) },
      lines: [
        { refunded: usd(0), shipping: usd(100) },
        { refunded: usd(500), next: { action: "nothing", at: null } },
      ],
    });
    const proceeds = {
      commission: usd(100),
      subsidy: usd(0),
      carriage: usd(0),
      received: { minor: 0, currency: "VND" },
      expected: { minor: 225_000, currency: "VND" },
    };
    expect(await read({ orderId }, me(sellerId))).toEqual({ ...asBuyer, proceeds });
    expect(await read({ orderId }, me(freshId("acc"), "operator"))).toEqual({ ...asBuyer, proceeds });
  });

  it("what has come in is counted movement by movement, as it was paid and clawed back", async () => {
    const [sold] = await sell(database.db, [
      {
        sellerId: freshId("acc"),
        currency: "VND",
        sellerCurrency: "USD",
        sellerRate: "0.00004",
        lines: [
          {
            unitMinor: 100_000,
            commissionMinor: 10_000,
            releasedMinor: 100_000,
            returnedMinor: 20_000,
            clawedMinor: 20_000,
            state: "fulfilled",
          },
        ],
      },
    ]);
    const { orderId = "", lineIds = [] } = sold ?? {};
    const movement = { orderId, lineId: lineIds[0] ?? "", ...BARE };
    await database.db.insert(lineMoney).values([
      { ...movement, key: "a", kind: "release", releasedMinor: 100_000, commissionMinor: 10_000 },
      {
        ...movement,
        key: "b",
        kind: "return",
        returnedMinor: 20_000,
        clawedMinor: 20_000,
        commissionMinor: 2_000,
      },
    ]);
    const view = await read({ orderId }, me(freshId("acc"), "operator"));
    expect(view.proceeds).toEqual({
      commission: { minor: 8_000, currency: "VND" },
      subsidy: { minor: 0, currency: "VND" },
      carriage: { minor: 0, currency: "VND" },
      received: usd(288),
      expected: usd(0),
    });
    expect(view.money.released).toEqual({ minor: 80_000, currency: "VND" });
  });

  it("shows the parcels that carriers have taken; one that was only tried is none", async () => {
    const [sold] = await sell(database.db, [{ sellerId: freshId("acc"), lines: [{ state: "shipped" }] }]);
    const { orderId = "", buyerId = "", lineIds = [] } = sold ?? {};
    const booked = { orderId, lineIds, kind: "outward" as const, carrier: "swift", service: "standard" };
    const tracked = { carrierRef: freshId("evt"), trackingId: "SW1", state: "in_transit" as const };
    await database.db.insert(shipment).values({ shipmentId: freshId("shp"), ...booked, ...tracked });
    await database.db.insert(shipment).values({ shipmentId: freshId("shp"), ...booked, state: "booking" });
    const { shipments } = READ.output.parse(await read({ orderId }, me(buyerId)));
    expect(shipments).toMatchObject([
      { carrier: "swift", trackingId: "SW1", state: "in_transit", kind: "outward" },
    ]);
  });

  it("another buyer, another seller: told that there is none (ORDER_UNKNOWN)", async () => {
    const [mine, other] = await sell(database.db, [
      { sellerId: freshId("acc"), lines: [{}] },
      { sellerId: freshId("acc"), lines: [{}] },
    ]);
    const stranger = me(other?.buyerId ?? "", "seller");
    await expect(read({ orderId: mine?.orderId ?? "" }, stranger)).rejects.toMatchObject(UNKNOWN);
    await expect(follow({ orderId: mine?.orderId ?? "" }, stranger)).rejects.toMatchObject(UNKNOWN);
    await expect(read({ orderId: freshId("ord") }, me(freshId("acc"), "operator"))).rejects.toMatchObject(
      UNKNOWN,
    );
  });
});

describe("Order/list, Order/tabs", () => {
  it("each purchase stands under one tab, newest first by page; the counts are those of the tabs", async () => {
    const buyerId = freshId("acc");
    const states = [
      "paid",
      "shipped",
      "paid",
      "cancelled",
      "refunding",
      "confirmed",
      "delivered",
      "paid",
    ] as const;
    const sold = await sell(
      database.db,
      states.map((state, at) => ({
        sellerId: freshId("acc"),
        buyerId,
        placedAt: new Date(Date.now() - at * DAY_MS),
        lines: [{ state }],
      })),
    );
    const idsOf = async (tab: OrderTab): Promise<string[]> => {
      const ids: string[] = [];
      for (let after: string | undefined, pages = 0; pages === 0 || after !== undefined; pages++) {
        const page = await list({ tab, limit: 2, ...(after !== undefined && { after }) }, me(buyerId));
        ids.push(...LIST.output.parse(page).items.map(({ orderId }) => orderId));
        after = page.next;
      }
      return ids;
    };
    const { counts } = TABS.output.parse(await tabs({}, me(buyerId)));
    expect(await idsOf("to_confirm")).toEqual([0, 2, 7].map((at) => sold[at]?.orderId));
    expect(await idsOf("in_dispute")).toEqual([sold[4]?.orderId]);
    for (const [tab, count] of Object.entries(counts))
      expect([tab, (await idsOf(tab as OrderTab)).length]).toEqual([tab, count]);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(states.length);
  });
});

describe("Order/listCheckouts", () => {
  it("the caller's own, newest first by page, by state: what is still to be paid", async () => {
    const buyerId = freshId("acc");
    const lines = [lineOf(freshId("acc")), lineOf(freshId("acc"))];
    const first = await opened(database.db, lines, buyerId);
    const second = await opened(database.db, [lineOf(freshId("acc"))], buyerId);
    const third = claimOf(buyerId);
    await claim(third, moduleScene(database.db));
    const [bought] = await sell(database.db, [{ sellerId: freshId("acc"), buyerId, lines: [{}] }]);
    const all = CHECKOUTS.output.parse(await listCheckouts({}, me(buyerId)));
    expect(all.items).toHaveLength(4);
    // Made in the millisecond of the claim before it, it may stand on either side of that.
    const placed = all.items.find((item) => item.state === "placed");
    expect(placed).toMatchObject({ orderIds: [bought?.orderId] });
    const state = "awaiting_payment";
    const one = CHECKOUTS.output.parse(await listCheckouts({ state, limit: 1 }, me(buyerId)));
    expect([one.items[0]?.checkoutId, one.next]).toEqual([second.checkoutId, second.checkoutId]);
    const rest = await listCheckouts({ state, limit: 1, after: one.next ?? "" }, me(buyerId));
    expect(rest).toMatchObject({ items: [{ checkoutId: first.checkoutId, orderIds: [] }] });
    expect(rest.items[0]?.lines.map(({ lineId }) => lineId)).toEqual(lines.map(({ lineId }) => lineId));
    expect(rest.next).toBeUndefined();
    const stranger = me(freshId("acc"));
    expect(await listCheckouts({}, stranger)).toEqual({ items: [] });
    expect(await listCheckouts({ after: first.checkoutId }, stranger)).toEqual({ items: [] });
  });
});

describe("Order/follow", () => {
  it("a seller is told of the own order and how the payment came out, the buyer all of it, operators the details", async () => {
    const [checkoutId, buyerId] = [freshId("chk"), freshId("acc")];
    const due = new Date(Date.now() + HOUR_MS);
    const [mine, other] = await sell(database.db, [
      { sellerId: freshId("acc"), buyerId, checkoutId, lines: [{ dueAt: due }, { dueAt: due }] },
      { sellerId: freshId("acc"), buyerId, checkoutId, lines: [{}] },
    ]);
    const orderId = mine?.orderId ?? "";
    await tell(database.db, checkoutId, { what: "payment_declined", detail: "no_funds" });
    await tell(database.db, checkoutId, "payment_settled");
    await tell(database.db, checkoutId, { what: "chargeback_opened", detail: "cbk_0" });
    for (const told of [other?.orderId ?? "", orderId, orderId])
      await tell(database.db, checkoutId, { what: "chargeback_opened", orderId: told, detail: "cbk_1" });
    const sellerId = (await read({ orderId }, me(buyerId))).sellerId;
    const whats = async (accountId: string, ...roles: "operator"[]) => {
      const { entries } = FOLLOW.output.parse(await follow({ orderId }, me(accountId, ...roles)));
      return entries.map((entry) => [entry.what, entry.orderId, entry.detail]);
    };
    const settled = ["payment_settled", null, null];
    const known = ["chargeback_opened", null, null];
    expect(await whats(sellerId)).toEqual([settled, known, ["chargeback_opened", orderId, null]]);
    expect(await whats(buyerId)).toEqual([
      ["payment_declined", null, null],
      settled,
      known,
      ["chargeback_opened", orderId, null],
    ]);
    expect(await whats(freshId("acc"), "operator")).toEqual([
      ["payment_declined", null, "no_funds"],
      settled,
      ["chargeback_opened", null, "cbk_0"],
      ["chargeback_opened", orderId, "cbk_1"],
    ]);
    const { waiting } = await follow({ orderId }, me(sellerId));
    expect(waiting).toMatchObject([
      { lineIds: mine?.lineIds, code: "cancel_and_refund", at: instant(due.getTime()) },
    ]);
  });
});
