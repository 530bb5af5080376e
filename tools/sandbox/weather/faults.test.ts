import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { clientOf, openStage, refusalOf, type Stage } from "../stage.ts";
import type { State } from "../totals.ts";
import { makeFaults } from "./faults.ts";
import { derange, seededRandom } from "./random.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ seed: 7 });
});
beforeEach(() => stage.control("POST /sandbox/reset"));
afterAll(() => stage[Symbol.asyncDispose]());

const order = { amount: 1_000, currency: "usd", confirm: true, payment_method: "pm_card_visa" };
const state = () => stage.control<State>("GET /sandbox/state");

test("cut: executed and committed; the client's own retry gets the same intent", async () => {
  stage.sandbox.faults.set({ next: [{ match: "POST /v1/payment_intents", kind: "cut", times: 1 }] });
  const intent = await stage.stripe.paymentIntents.create(order, { idempotencyKey: "order-1" });
  expect(intent.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect((await state()).intents).toEqual({ succeeded: 1 });
  const page = await stage.stripe.paymentIntents.list();
  expect(page.data.map(({ id }) => id)).toEqual([intent.id]);
});

test("cut: the caller who gives up has been charged all the same, and a later retry finds it", async () => {
  stage.sandbox.faults.set({ cutRate: 1 });
  const impatient = clientOf(stage.sandbox, undefined, 0);
  const refusal = await refusalOf(impatient.paymentIntents.create(order, { idempotencyKey: "order-1" }));
  expect(refusal.type).toBe("StripeConnectionError");
  expect((await state()).captured).toEqual({ usd: 1_000 });
  stage.sandbox.faults.clear();
  await impatient.paymentIntents.create(order, { idempotencyKey: "order-1" });
  expect((await state()).captured).toEqual({ usd: 1_000 });
});

test("error: 503 before execution is not remembered, and the client's retry runs", async () => {
  await stage.control("POST /sandbox/faults", {
    next: [{ match: "POST /v1/payment_intents", kind: "error", times: 2 }],
  });
  const impatient = clientOf(stage.sandbox, undefined, 0);
  const refusal = await refusalOf(impatient.paymentIntents.create(order, { idempotencyKey: "order-1" }));
  expect(refusal).toMatchObject({ statusCode: 503, rawType: "api_error" });
  expect((await state()).intents).toEqual({});
  const intent = await stage.stripe.paymentIntents.create(order, { idempotencyKey: "order-1" });
  expect(intent.lastResponse.headers["idempotent-replayed"]).toBeUndefined();
  expect((await state()).intents).toEqual({ succeeded: 1 });
});

test("next: only the endpoint it names, as often as it says", async () => {
  const { paymentIntents } = stage.stripe;
  const { id } = await paymentIntents.create({ amount: 1, currency: "usd" });
  stage.sandbox.faults.set({
    next: [{ match: "POST /v1/payment_intents/*/confirm", kind: "cut", times: 1 }],
  });
  expect((await paymentIntents.retrieve(id)).status).toBe("requires_payment_method");
  const paid = await paymentIntents.confirm(id, { payment_method: "pm_card_visa" });
  expect(paid.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(stage.sandbox.faults.current().next?.[0]?.times).toBe(0);
});

test("latency: a request takes as long as it is told, and commits after its caller left", async () => {
  stage.sandbox.faults.set({ latencyMs: [80, 120] });
  const startedAt = performance.now();
  const hasty = { timeout: 20, maxNetworkRetries: 0, idempotencyKey: "order-1" };
  expect((await refusalOf(stage.stripe.paymentIntents.create(order, hasty))).type).toBe(
    "StripeConnectionError",
  );
  const intent = await stage.stripe.paymentIntents.create(order, { idempotencyKey: "order-1" });
  expect(intent.lastResponse.headers["idempotent-replayed"]).toBe("true");
  expect(performance.now() - startedAt).toBeGreaterThan(75);
  expect((await state()).intents).toEqual({ succeeded: 1 });
});

test("a storm: whatever breaks, each order is charged once", async () => {
  stage.sandbox.faults.set({ errorRate: 0.2, cutRate: 0.2, latencyMs: [0, 5] });
  const impatient = clientOf(stage.sandbox, undefined, 0);
  const payUntilDone = async (key: string): Promise<string> => {
    for (;;) {
      try {
        return (await impatient.paymentIntents.create(order, { idempotencyKey: key })).id;
      } catch {
        // The weather; the same key again.
      }
    }
  };
  const keys = Array.from({ length: 60 }, (_, n) => `order-${n}`);
  const ids = await Promise.all(keys.flatMap((key) => [payUntilDone(key), payUntilDone(key)]));
  expect(new Set(ids).size).toBe(60);
  stage.sandbox.faults.clear();
  expect((await state()).captured).toEqual({ usd: 60_000 });
});

test("the same seed gives the same faults", () => {
  const draws = () => {
    const faults = makeFaults(42);
    faults.set({ errorRate: 0.3, cutRate: 0.3, latencyMs: [0, 100] });
    return Array.from({ length: 50 }, () => faults.draw("GET", "/v1/events"));
  };
  expect(draws()).toEqual(draws());
  expect(draws().some(({ isRefused }) => isRefused)).toBe(true);
  expect(draws().some(({ isRefused, isCut }) => isRefused && isCut)).toBe(false);
});

test("derange: nothing stays in its place and nothing is lost", () => {
  const items = Array.from({ length: 20 }, (_, n) => n);
  const mixed = derange(items, seededRandom(3));
  expect(mixed.every((item, place) => item !== place)).toBe(true);
  expect(mixed.toSorted((a, b) => a - b)).toEqual(items);
});
