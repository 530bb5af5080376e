import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Endpoint, openEndpoint, openStage, type Stage, until, WEBHOOK_SECRET } from "../stage.ts";
import type { Delivery } from "./delivery.ts";

let stage: Stage;
let endpoint: Endpoint;
beforeEach(async () => {
  endpoint = await openEndpoint();
  stage = await openStage({ webhookUrl: endpoint.url, seed: 5 });
});
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
  await endpoint[Symbol.asyncDispose]();
});

const order = { amount: 1_000, currency: "usd", confirm: true, payment_method: "pm_card_visa" };
const pay = () => stage.stripe.paymentIntents.create(order);
const types = () => endpoint.received.map(({ event }) => event.type);
const deliveries = (query = "") =>
  stage.control<{ total: number; data: Delivery[] }>(`GET /sandbox/deliveries${query}`);

test("an event arrives signed, so that the real client accepts it and nobody else's", async () => {
  const intent = await pay();
  await until(() => endpoint.received.length === 3);
  const { webhooks } = stage.stripe;
  for (const { body, signature } of endpoint.received) {
    const event = webhooks.constructEvent(body, signature, WEBHOOK_SECRET);
    expect(event).toMatchObject({ object: "event", api_version: "2026-10-28.endive", livemode: false });
  }
  const paid = endpoint.received.find(({ event }) => event.type === "payment_intent.succeeded");
  expect(paid?.event.data.object).toEqual(intent);
  const { body = "", signature = "" } = paid ?? {};
  expect(() => webhooks.constructEvent(body.replace("1000", "9000"), signature, WEBHOOK_SECRET)).toThrow(
    /signature/,
  );
  expect(() => webhooks.constructEvent(body, signature, "whsec_other")).toThrow(/signature/);
});

test("each change of state is an event, listed newest first and kept as it was then", async () => {
  const { paymentIntents, refunds, events } = stage.stripe;
  const held = await paymentIntents.create({ ...order, capture_method: "manual" });
  await paymentIntents.capture(held.id);
  await refunds.create({ payment_intent: held.id, amount: 1 });
  const challenged = await paymentIntents.create({
    ...order,
    payment_method: "pm_card_threeDSecure2Required",
  });
  await stage.control(`POST /sandbox/intents/${challenged.id}/authenticate`, { success: false });
  await paymentIntents.cancel(challenged.id);
  const list = await events.list({ limit: 100 });
  expect(list.data.map(({ type }) => type).toReversed()).toEqual([
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.amount_capturable_updated",
    "charge.captured",
    "payment_intent.succeeded",
    "refund.created",
    "charge.refunded",
    "payment_intent.created",
    "payment_intent.requires_action",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
  ]);
  const created = list.data.findLast(({ type }) => type === "payment_intent.created");
  expect(created?.data.object).toMatchObject({ id: held.id, amount_received: 0, latest_charge: null });
  expect(await events.retrieve(created?.id ?? "")).toEqual(created);
  const some = await events.list({ types: ["payment_intent.canceled", "refund.created"] });
  expect(some.data.map(({ type }) => type)).toEqual(["payment_intent.canceled", "refund.created"]);
});

test("a webhook that fails is tried again, later and later, until it says 2xx", async () => {
  await using stubborn = await openEndpoint((count) => (count < 3 ? 500 : 200));
  stage.sandbox.setWebhookUrl(stubborn.url, ["payment_intent.succeeded"]);
  await pay();
  await until(() => stubborn.received.length === 3);
  const [first = 0, second = 0, third = 0] = stubborn.received.map(({ atMs }) => atMs);
  expect(second - first).toBeGreaterThan(180);
  expect(third - second).toBeGreaterThan(380);
  await sleep(30);
  const { data } = await deliveries();
  expect(data).toMatchObject([
    { state: "delivered", attemptCount: 3, attempts: [{ status: 500 }, { status: 500 }, { status: 200 }] },
  ]);
});

test("a webhook that is down gets its events when it is back elsewhere", async () => {
  stage.sandbox.setWebhookUrl("http://127.0.0.1:9/nothing");
  await pay();
  await sleep(30);
  expect((await deliveries("?state=pending")).total).toBe(3);
  stage.sandbox.setWebhookUrl(endpoint.url);
  await until(() => endpoint.received.length === 3);
});

test("late: events arrive after the time they are held", async () => {
  stage.sandbox.faults.set({ webhooks: { lateMs: 150 } });
  const paidAt = performance.now();
  await pay();
  await until(() => endpoint.received.length === 3);
  for (const { atMs } of endpoint.received) expect(atMs - paidAt).toBeGreaterThan(140);
});

test("duplicate: each event arrives that many times more, with one id", async () => {
  stage.sandbox.faults.set({ webhooks: { duplicate: 2 } });
  await pay();
  await until(() => endpoint.received.length === 9);
  expect(new Set(endpoint.received.map(({ event }) => event.id)).size).toBe(3);
});

test("reorder: a burst arrives whole, in another order", async () => {
  stage.sandbox.faults.set({ webhooks: { reorder: true } });
  await pay();
  await until(() => endpoint.received.length === 3);
  const happened = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"];
  expect(types()).not.toEqual(happened);
  expect(types().toSorted()).toEqual(happened.toSorted());
});

test("lost: nothing arrives, the list says so, and a replay brings it", async () => {
  stage.sandbox.faults.set({ webhooks: { loseRate: 1 } });
  await pay();
  await sleep(50);
  expect(endpoint.received).toHaveLength(0);
  const { data } = await deliveries("?state=lost");
  expect(data).toHaveLength(3);
  const eventId = data[0]?.event;
  await stage.control("POST /sandbox/webhooks/replay", { eventId, times: 3 });
  await until(() => endpoint.received.length === 3);
  expect(new Set(endpoint.received.map(({ event }) => event.id))).toEqual(new Set([eventId]));
  expect(await stage.control("POST /sandbox/webhooks/replay", { eventId: "evt_nothing" })).toHaveProperty(
    "error",
  );
});
