import type * as restate from "@restatedev/restate-sdk";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { afterAll, beforeAll, expect, it } from "vitest";
import { provide } from "#modules/_kit/board.ts";
import { startSandbox, type Sandbox } from "#tools/sandbox/server.ts";
import { insider, operator, seller, type Seller } from "#tools/testkit/people.ts";
import { openModules, type SomeModules } from "#tools/testkit/some-modules.ts";
import type { Shop } from "@shopnexus/contracts/client";

/** The other end of what is told: which lines each order heard of, in the order they came. */
const heard = new Map<string, string[]>();
const listener = provide(Fulfilment, {
  stocked: async (ctx: restate.WorkflowSharedContext, { lineId }: { lineId: string }) => {
    heard.set(ctx.key, [...(heard.get(ctx.key) ?? []), lineId]);
    return {};
  },
} as never);

let shop: SomeModules;
let sandbox: Sandbox;
let modules: Shop;
let owner: Seller;

beforeAll(async () => {
  sandbox = await startSandbox({ secretKey: "sk_test_told", webhookSecret: "whsec_test_told" });
  const variables = { SMTP_URL: sandbox.mail.url };
  shop = await openModules(["account", "catalog", "common", "inventory"], variables, [listener]);
  modules = await insider(shop);
  owner = await seller(shop);
});
afterAll(async () => {
  await shop.stop();
  await sandbox.stop();
});

const offered = async (pieces: number, reorderPoint: number | null = null): Promise<string> => {
  const { skuId } = await owner.offer(1_000, pieces);
  const supplierEmail = "more@supplier.example";
  await owner.call(Supply).configure({ skuId, backorder: true, serials: false, reorderPoint, supplierEmail });
  return skuId;
};
/** A buyer who has paid, and waits outside of the queue. */
const paid = async (skuId: string, pieces: number) => {
  const [holdId, orderId, lineId] = [freshId("hld"), freshId("ord"), freshId("lin")];
  const lines = [{ skuId, pieces, backorder: { orderId, lineId } }];
  await modules.call(Stock).reserve({ holdId, lines });
  await modules.call(Stock).commit({ holdId });
  return { orderId, lineId, pieces };
};
const heardOf = (orderId: string) => () => heard.get(orderId);
const soon = { timeout: 10_000 };

it("Stock/receive: the first in line is told that its pieces are there, and the level is that after it", async () => {
  const skuId = await offered(0);
  const [first, second] = [await paid(skuId, 2), await paid(skuId, 2)];
  for (const { orderId } of [first, second]) await shop.ask(Backorder, "admit", { orderId });
  const receipt = { receiptId: "note", skuId, pieces: 3 };
  const level = await owner.call(Stock).receive(receipt);
  expect(level).toEqual({ skuId, onHand: 3, held: 0, sold: 2, available: 1 });
  await expect.poll(heardOf(first.orderId), soon).toEqual([first.lineId]);
  expect(await owner.call(Stock).receive(receipt)).toEqual(level);
  expect(heard.has(second.orderId)).toBe(false);
});

it("Stock/receive: an unknown SKU and another receipt are refused: SKU_UNKNOWN, RECEIPT_DIFFERS", async () => {
  const skuId = await offered(0);
  await owner.call(Stock).receive({ receiptId: "note", skuId, pieces: 3 });
  const differing = owner.call(Stock).receive({ receiptId: "note", skuId, pieces: 4 });
  await expect(differing).rejects.toMatchObject({ code: "RECEIPT_DIFFERS" });
  const strange = owner.call(Stock).receive({ receiptId: "note", skuId: freshId("sku"), pieces: 4 });
  await expect(strange).rejects.toMatchObject({ code: "SKU_UNKNOWN" });
});

it("Backorder/admit: who finds pieces that came since the reserve is served at once", async () => {
  const skuId = await offered(0);
  const late = await paid(skuId, 2);
  await owner.call(Stock).receive({ receiptId: "note", skuId, pieces: 2 });
  expect(heard.has(late.orderId)).toBe(false);
  await shop.ask(Backorder, "admit", { orderId: late.orderId });
  await expect.poll(heardOf(late.orderId), soon).toEqual([late.lineId]);
});

it("Backorder/allot: pieces that were taken back go to the next in line", async () => {
  const skuId = await offered(2);
  const [had, next] = [await paid(skuId, 2), await paid(skuId, 1)];
  await shop.ask(Backorder, "admit", { orderId: next.orderId });
  const lines = [{ skuId, lineId: had.lineId, pieces: 2 }];
  await modules.call(Stock).unsell({ reference: "cancelled", lines });
  await shop.ask(Backorder, "allot", { skuIds: [skuId] });
  await expect.poll(heardOf(next.orderId), soon).toEqual([next.lineId]);
});

it("Supply/watch: one dip is one letter to the supplier and one event, whoever watches", async () => {
  const skuId = await offered(3, 5);
  for (const reference of ["one", "one", "two"])
    await shop.ask(Supply, "watch", { skuIds: [skuId], reference });
  const ours = await operator(shop);
  const keyPrefix = `${skuId}/reorder/`;
  await expect
    .poll(async () => (await ours.call(Mail).find({ keyPrefix })).items, soon)
    .toMatchObject([{ messageKey: `${skuId}/reorder/1`, state: "sent", recipient: "more@supplier.example" }]);
  const [mail] = sandbox.mail.list({ to: "more@supplier.example" });
  expect(mail?.text).toContain(`Article: ${skuId}`);
  const low = async () =>
    (await ours.call(Feed).read({ limit: 100 })).items.filter(({ subject }) => subject === skuId);
  await expect.poll(low, soon).toMatchObject([{ kind: "stock.low", data: { dip: 1, available: 3 } }]);
});
