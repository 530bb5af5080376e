import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openStage, refusalOf, SECRET_KEY, type Stage } from "../stage.ts";
import type { State } from "../totals.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
let stage: Stage;
let aheadMs = 0;
beforeAll(async () => {
  stage = await openStage({ clock: () => Date.now() + aheadMs });
});
beforeEach(() => stage.control("POST /sandbox/reset"));
afterAll(() => stage[Symbol.asyncDispose]());

const order = { amount: 1_000, currency: "usd", confirm: true, payment_method: "pm_card_visa" };
const create = (key: string, change: object = {}) =>
  stage.stripe.paymentIntents.create({ ...order, ...change }, { idempotencyKey: key });
const count = async () => (await stage.control<State>("GET /sandbox/state")).intents;

test("the same key and body: the same answer, marked as replayed, and one charge", async () => {
  const first = await create("key-1");
  const second = await create("key-1");
  expect(second).toEqual(first);
  expect(first.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  expect(second.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(second.lastResponse.idempotencyKey).toBe("key-1");
  expect(await count()).toEqual({ succeeded: 1 });
});

test("a replay shows what was answered then, not what is now", async () => {
  const first = await create("key-1", { capture_method: "manual" });
  await stage.stripe.paymentIntents.capture(first.id);
  expect((await create("key-1", { capture_method: "manual" })).status).toBe("requires_capture");
});

test("a decline is remembered too", async () => {
  const declining = { payment_method: "pm_card_chargeDeclined" };
  const first = await refusalOf(create("key-1", declining));
  const second = await refusalOf(create("key-1", declining));
  expect(second.charge).toBe(first.charge);
  expect(await count()).toEqual({ requires_payment_method: 1 });
});

test("what was refused at the door is forgotten: the corrected request may keep its key", async () => {
  expect((await refusalOf(create("key-1", { amount: 0 }))).code).toBe("parameter_invalid_integer");
  expect((await create("key-1")).status).toBe("succeeded");
});

test("the same key with another body, or at another endpoint, is refused", async () => {
  const { id } = await create("key-1");
  const changed = await refusalOf(create("key-1", { amount: 1_001 }));
  expect(changed).toMatchObject({
    type: "StripeIdempotencyError",
    statusCode: 400,
    rawType: "idempotency_error",
  });
  const elsewhere = await refusalOf(
    stage.stripe.refunds.create({ payment_intent: id }, { idempotencyKey: "key-1" }),
  );
  expect(elsewhere.type).toBe("StripeIdempotencyError");
  expect(await count()).toEqual({ succeeded: 1 });
});

test("the order of the fields does not make another body", async () => {
  const send = async (body: string) => {
    const headers = {
      authorization: `Bearer ${SECRET_KEY}`,
      "content-type": "application/x-www-form-urlencoded",
      "idempotency-key": "key-1",
    };
    const response = await fetch(`${stage.sandbox.url}/v1/payment_intents`, {
      method: "POST",
      body,
      headers,
    });
    return (await response.json()) as { id: string };
  };
  const first = await send("amount=5&currency=usd&metadata[a]=1");
  expect(await send("metadata[a]=1&currency=usd&amount=5")).toEqual(first);
});

test("a key in flight: the others wait and get the first answer", async () => {
  stage.sandbox.faults.set({ latencyMs: 60 });
  const intents = await Promise.all(Array.from({ length: 10 }, () => create("key-1")));
  expect(new Set(intents.map(({ id }) => id)).size).toBe(1);
  expect(await count()).toEqual({ succeeded: 1 });
});

test("a key is forgotten after a day", async () => {
  const first = await create("key-1");
  aheadMs = DAY_MS - 60_000;
  expect((await create("key-1")).id).toBe(first.id);
  aheadMs = DAY_MS + 60_000;
  expect((await create("key-1")).id).not.toBe(first.id);
});
