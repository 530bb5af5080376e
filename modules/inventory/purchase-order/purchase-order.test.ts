import { Mail } from "@shopnexus/contracts/common/mail";
import { Delivery } from "@shopnexus/contracts/inventory/delivery";
import { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supplier } from "@shopnexus/contracts/inventory/supplier";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startSandbox, type Sandbox } from "#tools/sandbox/server.ts";
import { insider, operator, type Person, seller, type Seller } from "#tools/testkit/people.ts";
import { openModules, type SomeModules } from "#tools/testkit/some-modules.ts";

let shop: SomeModules;
let sandbox: Sandbox;
let owner: Seller;
let watcher: Person;
const soon = { timeout: 15_000 };

beforeAll(async () => {
  sandbox = await startSandbox({ secretKey: "sk_test_purchase", webhookSecret: "whsec_test_purchase" });
  const variables = { SMTP_URL: sandbox.mail.url, DEADLINES: "overdueMs=300" };
  shop = await openModules(["account", "catalog", "common", "inventory"], variables);
  [owner, watcher] = [await seller(shop), await operator(shop)];
});
afterAll(async () => {
  await shop.stop();
  await sandbox.stop();
});

const supplierOf = async (leadDays: number) => {
  const supplier = { name: freshId("evt"), email: "orders@acme.example", leadDays };
  return (await owner.call(Supplier).put(supplier)).supplierId;
};
const drafted = async (leadDays: number) => {
  const { skuId } = await owner.offer(1_000, 0);
  const draft = {
    attemptId: freshId("evt"),
    supplierId: await supplierOf(leadDays),
    lines: [{ skuId, pieces: 5 }],
  };
  return { skuId, ...(await owner.call(Purchase).draft(draft)) };
};
const letters = async (purchaseId: string): Promise<string[]> => {
  const { items } = await watcher.call(Mail).find({ keyPrefix: purchaseId, limit: 100 });
  return items
    .map(({ messageKey }) => messageKey.slice(purchaseId.length + 1))
    .toSorted((a, b) => (a < b ? -1 : 1));
};

it("PurchaseOrder/run: an order that is sent twice is one letter, and a delivery that comes twice is booked once", async () => {
  const { skuId, purchaseId } = await drafted(30);
  expect(await letters(purchaseId)).toEqual([]);
  await Promise.all([1, 2, 3].map(() => owner.call(Purchase).send({ purchaseId })));
  await expect.poll(() => letters(purchaseId), soon).toEqual(["sent"]);
  const delivery = { purchaseId, deliveryId: "note-1", lines: [{ skuId, pieces: 5 }] };
  const all = await Promise.all([1, 2, 3].map(() => owner.call(Delivery).receive(delivery)));
  expect(new Set(all.map(({ state }) => state))).toEqual(new Set(["received"]));
  expect((await owner.call(Stock).level({ skuId })).onHand).toBe(5);
});

it("PurchaseOrder/run: who is late is reminded, each reminder once, until all has come", async () => {
  const { skuId, purchaseId } = await drafted(0);
  await owner.call(Purchase).send({ purchaseId });
  await expect.poll(() => letters(purchaseId), soon).toContain("overdue/2/supplier");
  await owner.call(Delivery).receive({ purchaseId, deliveryId: "late", lines: [{ skuId, pieces: 5 }] });
  const told = await letters(purchaseId);
  expect(new Set(told).size).toBe(told.length);
  expect(told).toEqual(expect.arrayContaining(["overdue/1/seller", "overdue/1/supplier", "sent"]));
  const modules = await insider(shop);
  expect(await modules.call(Purchase).watch({ purchaseId })).toMatchObject({ isOver: true });
});

it("Purchase/cancel: the supplier is told, once; of a draft nobody is", async () => {
  const [sent, sketch] = [await drafted(30), await drafted(30)];
  await owner.call(Purchase).send({ purchaseId: sent.purchaseId });
  for (const { purchaseId } of [sent, sketch, sent]) await owner.call(Purchase).cancel({ purchaseId });
  await expect.poll(() => letters(sent.purchaseId), soon).toContain("cancelled");
  expect(await letters(sketch.purchaseId)).toEqual([]);
});

it("Supply/watch: a SKU that falls below its reorder point is on a draft, once", async () => {
  const { skuId } = await owner.offer(1_000, 5);
  const reorder = { supplierId: await supplierOf(3), pieces: 20 };
  const plain = { backorder: false, serials: false, supplierEmail: null };
  await owner.call(Supply).configure({ skuId, ...plain, reorderPoint: 4, reorder });
  const modules = await insider(shop);
  await modules.call(Stock).reserve({ holdId: freshId("hld"), lines: [{ skuId, pieces: 3 }] });
  for (const _ of [1, 2]) await shop.ask(Supply, "watch", { skuIds: [skuId], reference: freshId("ord") });
  const { items } = await owner.call(Purchase).list({ limit: 100 });
  expect(items.filter(({ lines }) => lines[0]?.skuId === skuId)).toMatchObject([
    { state: "draft", lines: [{ skuId, pieces: 20 }] },
  ]);
});
