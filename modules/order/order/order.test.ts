import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Order } from "@shopnexus/contracts/order/order";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { find } from "../attempt/find.ts";
import { lineOf, moduleScene, placed } from "../attempt/proof/stage.ts";
import { list } from "./list.ts";
import { read } from "./read.ts";
import { timeline } from "./timeline.ts";
import { viewCheckout } from "./view-checkout.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const scene = () => moduleScene(database.db);
const as = (accountId: string) => sceneOf(database.db, asAccount(accountId));
const [AN, BINH] = ["a", "b"].map((digit) => `acc_${digit.repeat(32)}`) as [string, string];
const view = (checkoutId: string, accountId: string) => find({ checkoutId, accountId }, scene());

describe("Order/read", () => {
  it("buyer and seller see the order; the seller sees only lines of the seller's own", async () => {
    const lines = [lineOf(AN, 1_000), lineOf(BINH, 500)];
    const { accountId, orderIds } = await placed(database.db, lines);
    const orderId = orderIds.get(BINH) ?? "";
    for (const reader of [accountId, BINH]) {
      const order = Order._handlers.read.output.parse(await read({ orderId }, as(reader)));
      expect(order).toMatchObject({
        orderId,
        buyerId: accountId,
        sellerId: BINH,
        lines: [{ lineId: lines[1]?.lineId, skuId: lines[1]?.skuId, state: "paid" }],
        total: { minor: 500 },
      });
    }
  });

  it("a stranger, and the seller of the checkout's other order, are told that there is none (ORDER_UNKNOWN)", async () => {
    const { orderIds } = await placed(database.db, [lineOf(AN), lineOf(BINH)]);
    const orderId = orderIds.get(BINH) ?? "";
    for (const reader of [freshId("acc"), AN])
      await expect(read({ orderId }, as(reader))).rejects.toMatchObject({
        code: "ORDER_UNKNOWN",
        status: 404,
      });
    await expect(read({ orderId: freshId("ord") }, as(AN))).rejects.toMatchObject({ code: "ORDER_UNKNOWN" });
  });
});

describe("Order/list", () => {
  it("the caller's own purchases, newest first, page by page, each of them once", async () => {
    const buyer = freshId("acc");
    const ids: string[] = [];
    for (let times = 0; times < 4; times++) {
      const { orderIds } = await placed(database.db, [lineOf(AN), lineOf(BINH)], buyer);
      ids.unshift(...[...orderIds.values()].toSorted((a, b) => (a < b ? 1 : -1)));
    }
    await placed(database.db, [lineOf(AN)]);
    const seen: string[] = [];
    let pages = 0;
    for (let after: string | undefined; pages === 0 || after !== undefined; pages++) {
      const page = await list({ limit: 3, ...(after !== undefined && { after }) }, as(buyer));
      seen.push(...page.items.map(({ orderId }) => orderId));
      after = page.next;
    }
    expect(seen).toEqual(ids);
    expect(pages).toBe(3);
  });

  it("a cursor of somebody else's, or of nobody's, gives an empty page; so has who bought nothing", async () => {
    const mine = await placed(database.db, [lineOf(AN)]);
    const other = await placed(database.db, [lineOf(AN)]);
    const nothing = { items: [] };
    expect(await list({ after: other.orderIds.get(AN) ?? "" }, as(mine.accountId))).toEqual(nothing);
    expect(await list({ after: freshId("ord") }, as(mine.accountId))).toEqual(nothing);
    expect(await list({}, as(freshId("acc")))).toEqual(nothing);
  });
});

describe("Order/viewCheckout, Attempt/find, Order/timeline", () => {
  it("somebody else's checkout is unknown (CHECKOUT_UNKNOWN), as is one that never was", async () => {
    const { checkoutId } = await placed(database.db, [lineOf(AN)]);
    const stranger = freshId("acc");
    const unknown = { code: "CHECKOUT_UNKNOWN", status: 404 };
    await expect(viewCheckout({ checkoutId }, as(stranger))).rejects.toMatchObject(unknown);
    await expect(viewCheckout({ checkoutId }, as(AN))).rejects.toMatchObject(unknown);
    await expect(timeline({ checkoutId }, as(stranger))).rejects.toMatchObject(unknown);
    await expect(find({ checkoutId, accountId: stranger }, scene())).rejects.toMatchObject(unknown);
    await expect(viewCheckout({ checkoutId: freshId("chk") }, as(stranger))).rejects.toMatchObject(unknown);
  });

  it("its own buyer sees it, and the timeline in the order in which things happened", async () => {
    const { checkoutId, accountId } = await placed(database.db, [lineOf(AN)]);
    expect(await viewCheckout({ checkoutId }, as(accountId))).toEqual(await view(checkoutId, accountId));
    const { entries } = Order._handlers.timeline.output.parse(await timeline({ checkoutId }, as(accountId)));
    expect(entries.map(({ what }) => what)).toEqual(["checkout_opened", "orders_placed"]);
    expect(entries.map(({ says }) => says)).toEqual([
      "The items are set aside and the buyer can pay.",
      "The orders were placed with their sellers.",
    ]);
  });
});
