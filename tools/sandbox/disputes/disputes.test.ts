import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openStage, refusalOf, type Stage } from "../stage.ts";
import type { State } from "../totals.ts";
import type { Dispute } from "./shapes.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(() => stage.control("POST /sandbox/reset"));
afterAll(() => stage[Symbol.asyncDispose]());

const pay = (amount: number, more: object = {}) =>
  stage.stripe.paymentIntents.create({
    amount,
    currency: "usd",
    confirm: true,
    payment_method: "pm_card_visa",
    ...more,
  });
const chargeOf = async (intent: string) => {
  const { data } = await stage.stripe.charges.list({ payment_intent: intent });
  return data[0]?.id ?? "";
};
const dispute = (id: string, body: object = {}) =>
  stage.control<Dispute>(`POST /sandbox/charges/${id}/dispute`, body);
const decide = (id: string, outcome: string) =>
  stage.control<Dispute>(`POST /sandbox/disputes/${id}/decide`, { outcome });
const state = () => stage.control<State>("GET /sandbox/state");
const eventTypes = async (family: string) => {
  const { data } = await stage.stripe.events.list({ type: family });
  return data.map(({ type }) => type).toReversed();
};

test("dispute: the bank takes back what is left of a charge, and says so twice", async () => {
  const { id: intent } = await pay(1_000);
  await stage.stripe.refunds.create({ payment_intent: intent, amount: 300 });
  const charge = await chargeOf(intent);
  const made = await dispute(charge, { reason: "product_not_received" });
  expect(made).toMatchObject({
    object: "dispute",
    amount: 700,
    currency: "usd",
    charge,
    payment_intent: intent,
    reason: "product_not_received",
    status: "needs_response",
    is_charge_refundable: false,
  });
  expect(made.id).toMatch(/^dp_/);
  expect(made.balance_transactions.map(({ type, amount }) => [type, amount])).toEqual([["adjustment", -700]]);
  expect(await stage.stripe.disputes.retrieve(made.id)).toEqual(made);
  expect((await stage.stripe.charges.retrieve(charge)).disputed).toBe(true);
  expect(await eventTypes("charge.dispute.*")).toEqual([
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
  ]);
  expect(await state()).toMatchObject({
    disputes: { needs_response: 1 },
    disputed: { usd: 700 },
    net: { usd: 700 },
    balance: { usd: 0 },
  });
});

test("dispute: by the intent's id too, and a part", async () => {
  const { id } = await pay(1_000);
  const made = await stage.control<Dispute>(`POST /sandbox/intents/${id}/dispute`, { amount: 250 });
  expect(made).toMatchObject({ amount: 250, payment_intent: id });
  const { id: other } = await pay(500);
  expect(stage.sandbox.bank.dispute(other).amount).toBe(500);
});

test("dispute: never more than is left, never twice at once, never what is not taken", async () => {
  const { id } = await pay(1_000);
  expect(await dispute(id, { amount: 1_001 })).toMatchObject({ error: { param: "amount" } });
  await dispute(id, { amount: 400 });
  expect(await dispute(id, { amount: 400 })).toMatchObject({ error: { code: "charge_disputed" } });
  const held = await pay(500, { capture_method: "manual" });
  expect(await dispute(held.id)).toHaveProperty("error");
  const { id: refunded } = await pay(500);
  await stage.stripe.refunds.create({ payment_intent: refunded });
  expect(await dispute(refunded)).toHaveProperty("error");
  expect(await dispute("ch_nothing")).toMatchObject({ error: { code: "resource_missing" } });
  expect(await dispute(id, { amount: 0 })).toHaveProperty("error");
  expect(await state()).toMatchObject({ disputed: { usd: 400 } });
});

test("a disputed charge cannot be refunded, nor can one that was lost; one that was won can", async () => {
  const { refunds } = stage.stripe;
  const [kept, gone] = [await pay(1_000), await pay(1_000)];
  const first = await dispute(kept.id);
  const second = await dispute(gone.id, { amount: 100 });
  for (const payment_intent of [kept.id, gone.id]) {
    expect(await refusalOf(refunds.create({ payment_intent, amount: 10 }))).toMatchObject({
      type: "StripeInvalidRequestError",
      statusCode: 400,
      code: "charge_disputed",
    });
  }
  expect(await decide(first.id, "won")).toMatchObject({ status: "won" });
  expect(await decide(second.id, "lost")).toMatchObject({ status: "lost" });
  expect((await refunds.create({ payment_intent: kept.id })).amount).toBe(1_000);
  expect((await refusalOf(refunds.create({ payment_intent: gone.id }))).code).toBe("charge_disputed");
  expect(await state()).toMatchObject({
    disputes: { won: 1, lost: 1 },
    disputed: { usd: 100 },
    refunded: { usd: 1_000 },
    balance: { usd: 900 },
  });
});

test("decide: what is won comes back, what is lost does not, and neither is decided twice", async () => {
  const won = await dispute((await pay(1_000)).id);
  await decide(won.id, "won");
  expect(await eventTypes("charge.dispute.*")).toEqual([
    "charge.dispute.created",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.closed",
    "charge.dispute.funds_reinstated",
  ]);
  const after = await stage.stripe.disputes.retrieve(won.id);
  expect(after.balance_transactions.map(({ net }) => net)).toEqual([-1_000, 1_000]);
  expect(await decide(won.id, "lost")).toHaveProperty("error");
  expect(await decide("dp_nothing", "lost")).toMatchObject({ error: { code: "resource_missing" } });
  expect(await decide(won.id, "drawn")).toHaveProperty("error");
  expect((await stage.stripe.disputes.retrieve(won.id)).status).toBe("won");
  const again = await dispute(won.charge);
  expect(again).toMatchObject({ amount: 1_000, status: "needs_response" });
});

test("answer: evidence is drafted, then sent to the bank, and nothing is taken after the end", async () => {
  const { disputes } = stage.stripe;
  const { id } = await dispute((await pay(1_000)).id);
  const draft = await disputes.update(id, {
    evidence: { shipping_tracking_number: "T1" },
    metadata: { case: "7" },
    submit: false,
  });
  expect(draft).toMatchObject({
    status: "needs_response",
    metadata: { case: "7" },
    evidence_details: { has_evidence: true, submission_count: 0 },
  });
  const sent = await disputes.update(id, { evidence: { customer_name: "Some Body" } });
  expect(sent).toMatchObject({
    status: "under_review",
    evidence: { shipping_tracking_number: "T1", customer_name: "Some Body", receipt: null },
    evidence_details: { submission_count: 1, submission_method: "manual" },
  });
  const odd = { evidence: { colour: "red" } } as object;
  expect((await refusalOf(disputes.update(id, odd))).code).toBe("parameter_unknown");
  await decide(id, "won");
  expect((await refusalOf(disputes.update(id, { submit: true }))).message).toContain("already closed");
  expect((await refusalOf(disputes.close(id))).message).toContain("already closed");
});

test("close: the shop gives in, and has lost", async () => {
  const { id } = await dispute((await pay(1_000)).id);
  expect((await stage.stripe.disputes.close(id)).status).toBe("lost");
  expect(await eventTypes("charge.dispute.closed")).toHaveLength(1);
  expect(await eventTypes("charge.dispute.funds_reinstated")).toHaveLength(0);
});

test("list: by charge, by intent, and by when", async () => {
  const { disputes } = stage.stripe;
  const [one, other] = [await dispute((await pay(100)).id), await dispute((await pay(200)).id)];
  expect((await disputes.list({ charge: one.charge })).data.map(({ id }) => id)).toEqual([one.id]);
  expect((await disputes.list({ payment_intent: other.payment_intent })).data).toHaveLength(1);
  expect((await disputes.list({ created: { lt: one.created } })).data).toHaveLength(0);
  const expanded = await disputes.list({ expand: ["data.charge"], created: { gte: one.created } });
  expect(expanded.data.map(({ charge }) => (charge as { amount: number }).amount)).toEqual([200, 100]);
  expect((await refusalOf(disputes.retrieve("dp_nothing"))).code).toBe("resource_missing");
});

test("a dispute and refunds at once: together never more than was taken", async () => {
  const { id } = await pay(1_000);
  const refunds = Array.from({ length: 8 }, () =>
    stage.stripe.refunds.create({ payment_intent: id, amount: 150 }),
  );
  await Promise.allSettled([...refunds.slice(0, 4), dispute(id), ...refunds.slice(4)]);
  const { balance } = await state();
  expect(balance["usd"]).toBeGreaterThanOrEqual(0);
});
