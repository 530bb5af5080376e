import { Mail } from "@shopnexus/contracts/common/mail";
import { Delivery } from "@shopnexus/contracts/inventory/delivery";
import { Hook } from "@shopnexus/contracts/inventory/hook";
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
  const variables = {
    SMTP_URL: sandbox.mail.url,
    DEADLINES: "overdueMs=300,hookMs=20",
    OUTGOING_ALLOW: "127.0.0.1",
  };
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
const draftedAt = async (supplierId: string) => {
  const { skuId } = await owner.offer(1_000, 0);
  const draft = { attemptId: freshId("evt"), supplierId, lines: [{ skuId, pieces: 5 }] };
  return { skuId, ...(await owner.call(Purchase).draft(draft)) };
};
const drafted = async (leadDays: number) => draftedAt(await supplierOf(leadDays));
/** Sent to a supplier whose system is told of it. */
const hooked = async () => {
  const supplierId = await supplierOf(30);
  const { url, secret } = sandbox.supplier;
  await owner.call(Supplier).hook({ supplierId, url, secret });
  const { purchaseId } = await draftedAt(supplierId);
  return { supplierId, purchaseId, send: () => owner.call(Purchase).send({ purchaseId }) };
};
const hooks = async (purchaseId: string) =>
  (await owner.call(Purchase).find({ purchaseId })).hooks.map(({ event, state }) => `${event} ${state}`);
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

it("PurchaseOrder/run: a supplier's system hears of an order as one message, through faults, and answers by its code", async () => {
  const { purchaseId, send } = await hooked();
  sandbox.supplier.next({ kind: "status", status: 500 }, { kind: "cut" }, { kind: "status", status: 429 });
  await Promise.all([1, 2, 3].map(send));
  await expect.poll(() => hooks(purchaseId), soon).toEqual(["sent delivered"]);
  const told = sandbox.supplier.list(purchaseId);
  expect([told.length, new Set(told.map(({ messageId }) => messageId)).size]).toEqual([2, 1]);
  const code = String(told[0]?.data["code"]);
  for (const _ of [1, 2]) await shop.ask(Purchase, "answer", { purchaseId, code });
  expect(await owner.call(Purchase).find({ purchaseId })).toMatchObject({ state: "acknowledged" });
  for (const _ of [1, 2]) await owner.call(Purchase).cancel({ purchaseId });
  await expect.poll(() => hooks(purchaseId), soon).toEqual(["sent delivered", "cancelled delivered"]);
  expect(await letters(purchaseId)).toEqual([]);
});

it("Hook/resend: what a supplier's system refused goes again, to it or to its people, each once", async () => {
  const { supplierId, purchaseId, send } = await hooked();
  const gone = { kind: "status", status: 410 } as const;
  sandbox.supplier.next(gone, gone);
  await send();
  await expect.poll(() => letters(purchaseId), soon).toEqual(["untold/sent/1"]);
  expect(await hooks(purchaseId)).toEqual(["sent failed"]);
  await owner.call(Hook).resend({ purchaseId });
  await expect.poll(() => letters(purchaseId), soon).toEqual(["untold/sent/1", "untold/sent/2"]);
  await owner.call(Supplier).unhook({ supplierId });
  await Promise.all([1, 2, 3].map(() => owner.call(Hook).resend({ purchaseId })));
  await expect.poll(() => letters(purchaseId), soon).toContain("sent");
  expect((await letters(purchaseId)).length).toBe(3);
  expect(sandbox.supplier.list(purchaseId)).toEqual([]);
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
