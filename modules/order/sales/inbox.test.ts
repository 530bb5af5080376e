import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { HOUR_MS, instant } from "@shopnexus/contracts/kit/time";
import { Sales } from "@shopnexus/contracts/order/sales";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { inbox } from "./inbox.ts";
import { list } from "./list.ts";
import { as, sell } from "./proof/stage.ts";
import { tabs } from "./tabs.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const NOW = Date.now();
const due = (hours: number): Date => new Date(NOW + hours * HOUR_MS);
const seller = (accountId: string) => as(database.db, accountId, "seller");
const readInbox = async (accountId: string, limit: number, after?: string) => {
  const page = await inbox({ limit, ...(after !== undefined && { after }) }, seller(accountId));
  return Sales._handlers.inbox.output.parse(page);
};
const confirm = (orderId: string) =>
  database.db.$client`update "order".checkout_line set state = 'confirmed' where order_id = ${orderId}`;

describe("Sales/inbox", () => {
  it("paid lines alone, by order, what is due first first, with what the buyer said", async () => {
    const sellerId = freshId("acc");
    const [late, early] = await sell(database.db, [
      { sellerId, lines: [{ dueAt: due(40) }] },
      {
        sellerId,
        lines: [
          { dueAt: due(30), note: "As a gift, please." },
          { dueAt: due(20) },
          { state: "confirmed", dueAt: due(1) },
          { state: "backordered", dueAt: due(2) },
        ],
      },
      { sellerId, lines: [{ state: "shipped" }] },
      { sellerId: freshId("acc"), lines: [{ dueAt: due(1) }] },
    ]);
    const { items } = await readInbox(sellerId, 10);
    expect(items.map(({ orderId }) => orderId)).toEqual([early?.orderId, late?.orderId]);
    expect(items[0]?.dueAt).toBe(instant(due(20).getTime()));
    expect(items[0]?.lines.map(({ lineId }) => lineId)).toEqual(early?.lineIds.slice(0, 2));
    expect(items[0]?.lines[0]).toMatchObject({
      note: "As a gift, please.",
      state: "paid",
      next: { action: "cancel_and_refund", at: instant(due(30).getTime()) },
    });
  });

  it("page by page each order once, also those due at one instant, also when what was seen is answered meanwhile", async () => {
    const sellerId = freshId("acc");
    const sold = await sell(
      database.db,
      Array.from({ length: 7 }, (_, at) => ({ sellerId, lines: [{ dueAt: due(at < 4 ? 1 : at) }, {}] })),
    );
    const seen: string[] = [];
    for (let after: string | undefined, pages = 0; pages === 0 || after !== undefined; pages++) {
      const page = await readInbox(sellerId, 2, after);
      seen.push(...page.items.map(({ orderId }) => orderId));
      await confirm(seen.at(-1) ?? "");
      after = page.next;
    }
    expect(seen.toSorted()).toEqual(sold.map(({ orderId }) => orderId).toSorted());
    expect(seen.slice(4)).toEqual(sold.slice(4).map(({ orderId }) => orderId));
  });

  it("a cursor of another seller's, or of nobody's, gives an empty page", async () => {
    const [mine, other] = [freshId("acc"), freshId("acc")];
    for (const sellerId of [mine, other])
      await sell(database.db, [
        { sellerId, lines: [{ dueAt: due(1) }] },
        { sellerId, lines: [{ dueAt: due(2) }] },
      ]);
    const { next } = await readInbox(other, 1);
    expect(next).toBeDefined();
    for (const after of [next ?? "", "nonsense", `${freshId("ord")}.1`])
      expect(await readInbox(mine, 10, after)).toEqual({ items: [] });
  });
});

describe("Sales/list, Sales/tabs", () => {
  it("the seller's own sales by tab, newest first, with what they bring", async () => {
    const sellerId = freshId("acc");
    const at = (days: number) => new Date(NOW - days * 24 * HOUR_MS);
    const paid = { lines: [{ unitMinor: 1_000, shippingMinor: 100, commissionMinor: 150 }] };
    const sold = await sell(database.db, [
      { sellerId, placedAt: at(1), ...paid },
      { sellerId, placedAt: at(2), ...paid },
      { sellerId, placedAt: at(3), lines: [{ state: "shipped" }] },
      { sellerId: freshId("acc"), placedAt: at(1), ...paid },
    ]);
    const [first, second] = sold.map(({ orderId }) => orderId);
    const page = await list({ tab: "to_confirm", limit: 1 }, seller(sellerId));
    const { items, next } = Sales._handlers.list.output.parse(page);
    expect([items.map(({ orderId }) => orderId), next]).toEqual([[first], first]);
    expect(items[0]?.proceeds).toEqual({
      commission: { minor: 150, currency: "USD" },
      subsidy: { minor: 0, currency: "USD" },
      carriage: { minor: 0, currency: "USD" },
      received: { minor: 0, currency: "USD" },
      expected: { minor: 850, currency: "USD" },
    });
    const rest = await list({ tab: "to_confirm", after: next ?? "" }, seller(sellerId));
    expect(rest.items.map(({ orderId }) => orderId)).toEqual([second]);
    expect((await list({}, seller(sellerId))).items).toHaveLength(3);
    const { counts } = Sales._handlers.tabs.output.parse(await tabs({}, seller(sellerId)));
    expect(counts).toEqual({
      pending: 0,
      to_confirm: 2,
      in_transit: 1,
      completed: 0,
      cancelled: 0,
      in_dispute: 0,
    });
  });

  it("a cursor of another seller's gives an empty page; as a buyer one has no sales", async () => {
    const [mine, other] = [freshId("acc"), freshId("acc")];
    await sell(database.db, [{ sellerId: mine, buyerId: other, lines: [{}] }]);
    const [foreign] = await sell(database.db, [{ sellerId: freshId("acc"), lines: [{}] }]);
    expect(await list({ after: foreign?.orderId ?? "" }, seller(mine))).toEqual({ items: [] });
    expect(await list({}, seller(other))).toEqual({ items: [] });
  });
});
