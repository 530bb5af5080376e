import { HOOK_ATTEMPT_COUNT_MAX } from "@shopnexus/contracts/inventory/hook";
import type { HookEvent } from "@shopnexus/contracts/inventory/purchase";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type Sandbox, startSandbox } from "#tools/sandbox/server.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testSettings } from "#tools/testkit/settings.ts";
import { openShelf } from "../backorder/proof/shop.ts";
import { close } from "../purchase/close.ts";
import { draft } from "../purchase/draft.ts";
import { find } from "../purchase/find.ts";
import { issue } from "../purchase/issue.ts";
import { hook } from "../supplier/hook.ts";
import { put } from "../supplier/put.ts";
import { unhook } from "../supplier/unhook.ts";
import { deliver } from "./deliver.ts";
import { signedReceiver } from "./receiver/signed.ts";
import { reopen } from "./reopen.ts";

let base: TestDatabase;
let sandbox: Sandbox;
let shop: ReturnType<typeof openShelf>;
let supplierId: string;
let skuId: string;
const allow = ["127.0.0.1"];
const refused = (code: string) => expect.objectContaining({ code });
/** Nothing is due again before the test says so. */
const patient = { ...testSettings, deadlines: { ...testSettings.deadlines, hookMs: 600_000 } };
const settingsOf = (allowed: readonly string[]) => ({ settings: { ...patient, wayOut: { allow: allowed } } });
const seller = () => sceneOf(base.db, asAccount(shop.sellerId, "seller"), settingsOf(allow));
const delivered = (purchaseId: string, event: HookEvent = "sent", allowed = allow) =>
  deliver({ purchaseId, event }, sceneOf(base.db, asModule("inventory"), settingsOf(allowed)));
const ref = (purchaseId: string) => ({ purchaseId, sellerId: shop.sellerId });
const hooked = (secret = sandbox.supplier.secret) =>
  hook({ supplierId, url: sandbox.supplier.url, secret }, seller());
const hooksOf = async (purchaseId: string) => (await find({ purchaseId }, seller())).hooks;
const ordered = async (): Promise<string> => {
  const lines = [{ skuId, pieces: 5 }];
  const { purchaseId } = await draft({ attemptId: freshId("evt"), supplierId, lines }, seller());
  await issue(ref(purchaseId), shop.scene());
  return purchaseId;
};
/** Makes time pass for a message. */
const dueNow = (purchaseId: string) =>
  base.db.$client`update inventory.hook set next_at = now() where purchase_id = ${purchaseId}`;

beforeAll(async () => {
  base = await testDatabase("inventory");
  sandbox = await startSandbox({ secretKey: "sk_test_hook", webhookSecret: "whsec_test_hook" });
  shop = openShelf(base);
  const acme = { name: "Acme", email: "orders@acme.example", leadDays: 7 };
  supplierId = (await put(acme, shop.seller())).supplierId;
  skuId = await shop.stocked(0);
});
beforeEach(async () => {
  sandbox.supplier.clear();
  await hooked();
});
afterAll(async () => {
  await sandbox.stop();
  await base.close();
});

describe("Hook/deliver", () => {
  it("tells the supplier's system of an order, signed, with what it answers by", async () => {
    const purchaseId = await ordered();
    expect(await delivered(purchaseId)).toMatchObject({ state: "delivered" });
    const [told] = sandbox.supplier.list(purchaseId);
    expect(told).toMatchObject({
      messageId: `${purchaseId}_sent`,
      type: "purchase.sent",
      data: { purchaseId, lines: [{ skuId, pieces: 5 }], code: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    expect(sandbox.supplier.counts()).toMatchObject({ asked: 1, unsigned: 0 });
    expect(await hooksOf(purchaseId)).toMatchObject([
      { event: "sent", state: "delivered", attempts: 1, reason: null },
    ]);
  });

  it("the same message goes once, twenty at once, and not again", async () => {
    const purchaseId = await ordered();
    await Promise.all(Array.from({ length: 20 }, () => delivered(purchaseId)));
    expect(await delivered(purchaseId)).toMatchObject({ state: "delivered" });
    expect(sandbox.supplier.counts()).toMatchObject({ asked: 1, taken: 1 });
  });

  it("what is not taken for now waits for its time, and goes again, the same text under the same id", async () => {
    const purchaseId = await ordered();
    sandbox.supplier.next({ kind: "status", status: 503 }, { kind: "cut" });
    const first = await delivered(purchaseId);
    expect(first.state).toBe("queued");
    expect(Math.round(first.waitMs / 10_000)).toBe(60);
    expect(await delivered(purchaseId)).toMatchObject({ state: "queued" });
    expect(await hooksOf(purchaseId)).toMatchObject([{ attempts: 1, reason: "It answered 503." }]);
    await dueNow(purchaseId);
    const second = await delivered(purchaseId);
    expect(Math.round(second.waitMs / 10_000)).toBe(240);
    expect(await hooksOf(purchaseId)).toMatchObject([{ attempts: 2, reason: "It could not be reached." }]);
    await dueNow(purchaseId);
    expect(await delivered(purchaseId)).toMatchObject({ state: "delivered" });
    const told = sandbox.supplier.list(purchaseId);
    expect(told.map(({ isRepeat }) => isRepeat)).toEqual([false, true]);
    expect(new Set(told.map(({ body }) => body)).size).toBe(1);
    expect(sandbox.supplier.counts()).toMatchObject({ asked: 3, messageIds: 1 });
  });

  it.each([
    ["a no", { kind: "status", status: 404 }, "It answered 404."],
    ["a redirect to this machine", { kind: "redirect", to: "http://127.0.0.1:1/" }, "It answered 307."],
    [
      "a redirect to a cloud's metadata",
      { kind: "redirect", to: "http://169.254.169.254/" },
      "It answered 307.",
    ],
  ] as const)("%s is for ever, and nobody follows it", async (_what, trouble, reason) => {
    const purchaseId = await ordered();
    sandbox.supplier.next(trouble);
    for (const _ of [1, 2]) expect(await delivered(purchaseId)).toMatchObject({ state: "failed" });
    expect(await hooksOf(purchaseId)).toMatchObject([{ state: "failed", attempts: 1, reason }]);
    expect(sandbox.supplier.counts()).toMatchObject({ asked: 1, taken: 0 });
  });

  it("an address that is not public is forbidden, and nobody is asked", async () => {
    const purchaseId = await ordered();
    expect(await delivered(purchaseId, "sent", [])).toMatchObject({ state: "failed" });
    expect(await hooksOf(purchaseId)).toMatchObject([
      { reason: "Its address is not on the public internet." },
    ]);
    expect(sandbox.supplier.counts().asked).toBe(0);
  });

  it("a process that died with it in hand holds it up for a while only, and the supplier knows it by its id", async () => {
    const purchaseId = await ordered();
    await delivered(purchaseId);
    // As it was before the process wrote down that the supplier has it.
    await base.db.$client`
      update inventory.hook set state = 'queued', next_at = now(), claimed_until = now() + interval '1 minute'
      where purchase_id = ${purchaseId}`;
    const held = await delivered(purchaseId);
    expect(held.state).toBe("queued");
    expect(held.waitMs).toBeGreaterThan(50_000);
    await base.db.$client`update inventory.hook set claimed_until = now() where purchase_id = ${purchaseId}`;
    expect(await delivered(purchaseId)).toMatchObject({ state: "delivered" });
    expect(sandbox.supplier.counts()).toMatchObject({ asked: 2, messageIds: 1 });
  });

  it("is signed with the secret of the moment: a new one holds from the next attempt on", async () => {
    const purchaseId = await ordered();
    sandbox.supplier.next({ kind: "status", status: 500 });
    await delivered(purchaseId);
    const next = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
    await hooked(next);
    sandbox.supplier.setSecret(next);
    await dueNow(purchaseId);
    expect(await delivered(purchaseId)).toMatchObject({ state: "delivered" });
    expect(sandbox.supplier.counts().unsigned).toBe(0);
  });
});

it("a message is given up after so many attempts, and a resend gives it as many again", async () => {
  const purchaseId = await ordered();
  sandbox.supplier.next(...Array.from({ length: 12 }, () => ({ kind: "status", status: 500 }) as const));
  for (let attempt = 1; attempt <= HOOK_ATTEMPT_COUNT_MAX; attempt += 1) {
    await dueNow(purchaseId);
    const state = attempt < HOOK_ATTEMPT_COUNT_MAX ? "queued" : "failed";
    expect([attempt, await delivered(purchaseId)]).toMatchObject([attempt, { state }]);
  }
  for (const _ of [1, 2])
    expect((await reopen(ref(purchaseId), shop.scene())).view.hooks).toMatchObject([{ state: "queued" }]);
  expect(await delivered(purchaseId)).toMatchObject({ state: "delivered" });
  expect((await reopen(ref(purchaseId), shop.scene())).view.hooks).toMatchObject([
    { state: "delivered", attempts: 13 },
  ]);
});

describe("Hook/reopen", () => {
  it("goes by how the supplier is told now: by mail, the message is dropped; by webhook, it goes again", async () => {
    const purchaseId = await ordered();
    await unhook({ supplierId }, seller());
    const byMail = await reopen(ref(purchaseId), shop.scene());
    expect(byMail).toMatchObject({
      email: "orders@acme.example",
      view: { channel: "mail", hooks: [{ state: "dropped" }] },
    });
    await hooked();
    expect((await reopen(ref(purchaseId), shop.scene())).view).toMatchObject({
      channel: "webhook",
      hooks: [{ state: "queued" }],
    });
    await unhook({ supplierId }, seller());
    expect(await delivered(purchaseId)).toMatchObject({ state: "failed" });
    expect(await hooksOf(purchaseId)).toMatchObject([{ reason: "The supplier is told by mail now." }]);
  });

  it("refuses a draft and what is cancelled, PURCHASE_CLOSED, and somebody else's, PURCHASE_UNKNOWN", async () => {
    const lines = [{ skuId, pieces: 1 }];
    const sketch = await draft({ attemptId: freshId("evt"), supplierId, lines }, seller());
    const gone = await ordered();
    await close(ref(gone), shop.scene());
    for (const purchaseId of [sketch.purchaseId, gone])
      await expect(reopen(ref(purchaseId), shop.scene())).rejects.toThrow(refused("PURCHASE_CLOSED"));
    const theirs = { purchaseId: gone, sellerId: freshId("acc") };
    await expect(reopen(theirs, shop.scene())).rejects.toThrow(refused("PURCHASE_UNKNOWN"));
  });
});

describe("Purchase/close", () => {
  it("of an order that the supplier's system has heard of it hears, too, once", async () => {
    const purchaseId = await ordered();
    await delivered(purchaseId);
    for (const _ of [1, 2])
      expect(await close(ref(purchaseId), shop.scene())).toMatchObject({ email: null, isHooked: true });
    for (const _ of [1, 2])
      expect(await delivered(purchaseId, "cancelled")).toMatchObject({ state: "delivered" });
    expect(sandbox.supplier.list(purchaseId).map(({ type }) => type)).toEqual([
      "purchase.sent",
      "purchase.cancelled",
    ]);
  });

  it("of an order whose supplier is told by mail since, its people hear instead", async () => {
    const purchaseId = await ordered();
    await delivered(purchaseId);
    await unhook({ supplierId }, seller());
    expect(await close(ref(purchaseId), shop.scene())).toMatchObject({
      email: "orders@acme.example",
      isHooked: false,
    });
  });

  it("of an order that nobody tried to tell of nobody hears", async () => {
    const purchaseId = await ordered();
    expect(await close(ref(purchaseId), shop.scene())).toMatchObject({ email: null, isHooked: false });
    for (const event of ["sent", "cancelled"] as const)
      expect(await delivered(purchaseId, event)).toMatchObject({ state: "dropped" });
    expect(sandbox.supplier.counts().asked).toBe(0);
  });

  it("does not overtake the order itself: while that is under way, the cancellation waits", async () => {
    const purchaseId = await ordered();
    sandbox.supplier.next({ kind: "slow", ms: 300 });
    const sent = delivered(purchaseId);
    await expect.poll(() => sandbox.supplier.counts().asked).toBe(1);
    await close(ref(purchaseId), shop.scene());
    expect(await delivered(purchaseId, "cancelled")).toMatchObject({ state: "queued" });
    expect(await sent).toMatchObject({ state: "dropped" });
    expect(sandbox.supplier.list(purchaseId).map(({ type }) => type)).toEqual(["purchase.sent"]);
  });
});

it("a receiver that does not answer in time is tried again later", async () => {
  sandbox.supplier.next({ kind: "slow", ms: 1_000 });
  const { url, secret } = sandbox.supplier;
  const receiver = signedReceiver({ url, secret, withinMs: 50 }, { allow });
  const message = { messageId: "late", body: JSON.stringify({ type: "late", data: {} }) };
  expect(await receiver.send(message)).toEqual({ state: "deferred", reason: "It did not answer in time." });
});

it.each([
  ["hook_event_known", "set event = 'lost'"],
  ["hook_state_known", "set state = 'lost'"],
  ["hook_attempts_never_below_zero", "set attempts = -1"],
  ["hook_fails_for_a_reason", "set state = 'failed', reason = null"],
])("inventory's table of messages refuses, by %s, to %s", async (constraint, change) => {
  const purchaseId = await ordered();
  const statement = `update inventory.hook ${change} where purchase_id = $1`;
  expect(await base.db.$client.unsafe(statement, [purchaseId]).catch(brokenConstraint)).toBe(constraint);
});
