import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openStage, refusalOf, type Stage } from "../stage.ts";
import type { State } from "../totals.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(() => stage.control("POST /sandbox/reset"));
afterAll(() => stage[Symbol.asyncDispose]());

const pay = (amount: number) =>
  stage.stripe.paymentIntents.create({
    amount,
    currency: "usd",
    confirm: true,
    payment_method: "pm_card_visa",
  });

test("refund: in parts, up to what was captured", async () => {
  const { id, latest_charge: charge } = await pay(1_000);
  if (typeof charge !== "string") throw new Error("a paid intent has a charge");
  const { refunds, charges } = stage.stripe;
  const first = await refunds.create({
    payment_intent: id,
    amount: 300,
    reason: "requested_by_customer",
    metadata: { line: "1" },
  });
  expect(first).toMatchObject({
    object: "refund",
    status: "succeeded",
    amount: 300,
    currency: "usd",
    charge,
    payment_intent: id,
    reason: "requested_by_customer",
    metadata: { line: "1" },
  });
  const tooMuch = await refusalOf(refunds.create({ payment_intent: id, amount: 701 }));
  expect(tooMuch).toMatchObject({ statusCode: 400, param: "amount", type: "StripeInvalidRequestError" });
  const rest = await refunds.create({ charge });
  expect(rest.amount).toBe(700);
  const none = await refusalOf(refunds.create({ payment_intent: id }));
  expect(none).toMatchObject({ statusCode: 400, code: "charge_already_refunded" });
  expect(await charges.retrieve(charge)).toMatchObject({
    refunded: true,
    amount_refunded: 1_000,
  });
  expect(await refunds.retrieve(first.id)).toEqual(first);
});

test("refund: list by intent, newest first", async () => {
  const [one, other] = await Promise.all([pay(1_000), pay(1_000)]);
  const { refunds } = stage.stripe;
  const first = await refunds.create({ payment_intent: one.id, amount: 1 });
  await refunds.create({ payment_intent: other.id, amount: 2 });
  const second = await refunds.create({ payment_intent: one.id, amount: 3 });
  const list = await refunds.list({ payment_intent: one.id });
  expect(list.data.map(({ id }) => id)).toEqual([second.id, first.id]);
});

test("refund: a partial capture is the most that goes back", async () => {
  const { paymentIntents, refunds } = stage.stripe;
  const held = await paymentIntents.create({
    amount: 1_000,
    currency: "usd",
    capture_method: "manual",
    confirm: true,
    payment_method: "pm_card_visa",
  });
  const early = await refusalOf(refunds.create({ payment_intent: held.id }));
  expect(early.message).toContain("does not have a successful charge to refund");
  await paymentIntents.capture(held.id, { amount_to_capture: 600 });
  expect((await refusalOf(refunds.create({ payment_intent: held.id, amount: 601 }))).param).toBe("amount");
  expect((await refunds.create({ payment_intent: held.id })).amount).toBe(600);
});

test("refund: parallel refunds never give back more than was taken", async () => {
  const { id } = await pay(1_000);
  const tries = Array.from({ length: 20 }, () =>
    stage.stripe.refunds.create({ payment_intent: id, amount: 150 }),
  );
  const settled = await Promise.allSettled(tries);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(6);
});

test("refund: an unknown intent, charge or refund is refused", async () => {
  const { refunds } = stage.stripe;
  const refusals = [
    refunds.create({ payment_intent: "pi_nothing" }),
    refunds.create({ charge: "ch_nothing" }),
    refunds.retrieve("re_nothing"),
  ].map(refusalOf);
  for (const refusal of await Promise.all(refusals)) expect(refusal.code).toBe("resource_missing");
  expect((await refusalOf(refunds.create({}))).code).toBe("parameter_missing");
});

test("state: counts charges and money by currency", async () => {
  const { paymentIntents, refunds } = stage.stripe;
  const { id } = await pay(1_000);
  await paymentIntents.create({
    amount: 500,
    currency: "eur",
    confirm: true,
    payment_method: "pm_card_visa",
  });
  await refusalOf(
    paymentIntents.create({
      amount: 9,
      currency: "usd",
      confirm: true,
      payment_method: "pm_card_chargeDeclined",
    }),
  );
  await refunds.create({ payment_intent: id, amount: 400 });
  expect(await stage.control<State>("GET /sandbox/state")).toMatchObject({
    intents: { succeeded: 2, requires_payment_method: 1 },
    charges: { succeeded: 2, failed: 1 },
    captured: { usd: 1_000, eur: 500 },
    refunded: { usd: 400 },
    net: { usd: 600, eur: 500 },
    refunds: 1,
  });
});
