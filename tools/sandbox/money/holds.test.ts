import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { clientOf, openStage, refusalOf, type Stage } from "../stage.ts";
import type { State } from "../totals.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(() => stage.control("POST /sandbox/reset"));
afterAll(() => stage[Symbol.asyncDispose]());

const intents = () => stage.stripe.paymentIntents;
const hold = (amount = 1_000, more: object = {}) =>
  intents().create({
    amount,
    currency: "usd",
    capture_method: "manual",
    confirm: true,
    payment_method: "pm_card_visa",
    ...more,
  });
const state = () => stage.control<State>("GET /sandbox/state");
const eventTypes = async () =>
  (await stage.stripe.events.list({ limit: 100 })).data.map(({ type }) => type).toReversed();

test("hold: nothing is taken until it is captured", async () => {
  const held = await hold(1_000, { expand: ["latest_charge"] });
  expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 1_000, amount_received: 0 });
  expect(held.latest_charge).toMatchObject({
    captured: false,
    amount_captured: 0,
    paid: true,
    balance_transaction: null,
  });
  expect(await state()).toMatchObject({ capturable: { usd: 1_000 }, captured: { usd: 0 }, balance: {} });
  expect(await eventTypes()).toEqual([
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.amount_capturable_updated",
  ]);
});

test("capture: a part lets the rest go, and only the part can go back", async () => {
  const { id } = await hold();
  const captured = await intents().capture(id, { amount_to_capture: 600, expand: ["latest_charge"] });
  expect(captured).toMatchObject({ status: "succeeded", amount_received: 600, amount_capturable: 0 });
  expect(captured.latest_charge).toMatchObject({ captured: true, amount: 1_000, amount_captured: 600 });
  expect((await refusalOf(stage.stripe.refunds.create({ payment_intent: id, amount: 601 }))).param).toBe(
    "amount",
  );
  expect(await state()).toMatchObject({
    capturable: { usd: 0 },
    captured: { usd: 600 },
    balance: { usd: 600 },
  });
});

test("capture: twenty at once take the money once", async () => {
  const { id } = await hold();
  const tries = Array.from({ length: 20 }, (_, n) => intents().capture(id, { amount_to_capture: 100 + n }));
  const settled = await Promise.allSettled(tries);
  expect(settled.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await stage.stripe.balanceTransactions.list()).data).toHaveLength(1);
});

test("capture: more than one for one hold is refused, as Stripe refuses most accounts", async () => {
  const { id } = await hold();
  const part = { amount_to_capture: 100, final_capture: false };
  expect((await refusalOf(intents().capture(id, part))).param).toBe("final_capture");
  expect((await intents().capture(id, { amount_to_capture: 100, final_capture: true })).status).toBe(
    "succeeded",
  );
});

test("cancel: a hold that is let go takes nothing, and cannot be captured", async () => {
  const { id } = await hold();
  await intents().cancel(id);
  expect((await refusalOf(intents().capture(id))).code).toBe("payment_intent_unexpected_state");
  expect(await state()).toMatchObject({ capturable: { usd: 0 }, captured: { usd: 0 }, balance: {} });
});

test("expire: the network lets a hold go that nobody captured", async () => {
  const [held, other] = [await hold(), await hold()];
  expect(await stage.control(`POST /sandbox/intents/${held.id}/expire`)).toMatchObject({
    status: "canceled",
    cancellation_reason: "automatic",
    amount_capturable: 0,
  });
  expect((await refusalOf(intents().capture(held.id))).code).toBe("payment_intent_unexpected_state");
  expect((await eventTypes()).slice(-2)).toEqual(["charge.expired", "payment_intent.canceled"]);
  await intents().capture(other.id);
  expect(await stage.control(`POST /sandbox/intents/${other.id}/expire`)).toHaveProperty("error");
  expect(() => stage.sandbox.bank.expireHold(held.id)).toThrow(/canceled/);
});

const CHALLENGED = "pm_card_authenticationRequired";

test.each([
  ["created and confirmed at once", () => hold(700, { payment_method: CHALLENGED })],
  [
    "confirmed later by the shop",
    async () => {
      const { id } = await intents().create({ amount: 700, currency: "usd", capture_method: "manual" });
      return intents().confirm(id, { payment_method: CHALLENGED, return_url: "https://shop.test/back" });
    },
  ],
  [
    "confirmed by the payer's browser",
    async () => {
      const made = await intents().create({ amount: 700, currency: "usd", capture_method: "manual" });
      const browser = clientOf(stage.sandbox, "pk_test_stage");
      const body: object = { client_secret: made.client_secret, payment_method: CHALLENGED };
      return browser.paymentIntents.confirm(made.id, body);
    },
  ],
  [
    "confirmed with the way of capture said only then",
    async () => {
      const { id } = await intents().create({ amount: 700, currency: "usd" });
      return intents().confirm(id, { payment_method: CHALLENGED, capture_method: "manual" });
    },
  ],
])("challenge: %s, the payer is asked, then the money is held, then taken", async (_, ask) => {
  const asked = await ask();
  expect(asked).toMatchObject({ status: "requires_action", capture_method: "manual", amount_capturable: 0 });
  expect(asked.next_action?.type).toBe("redirect_to_url");
  const path = `POST /sandbox/intents/${asked.id}/authenticate`;
  expect(await stage.control(path, { success: true })).toMatchObject({
    status: "requires_capture",
    amount_capturable: 700,
  });
  expect(await stage.control(path, { success: true })).toHaveProperty("error");
  expect(await intents().capture(asked.id)).toMatchObject({ status: "succeeded", amount_received: 700 });
});

test("challenge: asked again, with another card, or let go", async () => {
  const asked = await hold(700, { payment_method: CHALLENGED });
  expect((await intents().confirm(asked.id)).status).toBe("requires_action");
  expect((await refusalOf(intents().capture(asked.id))).code).toBe("payment_intent_unexpected_state");
  expect((await intents().confirm(asked.id, { payment_method: "pm_card_visa" })).status).toBe(
    "requires_capture",
  );
  const other = await hold(700, { payment_method: CHALLENGED });
  expect((await intents().cancel(other.id)).status).toBe("canceled");
  expect(
    await stage.control(`POST /sandbox/intents/${other.id}/authenticate`, { success: true }),
  ).toHaveProperty("error");
});

test("challenge: a payer who is not there cannot be asked", async () => {
  const { id } = await intents().create({ amount: 700, currency: "usd" });
  const refusal = await refusalOf(intents().confirm(id, { payment_method: CHALLENGED, off_session: true }));
  expect(refusal).toMatchObject({
    statusCode: 402,
    code: "authentication_required",
    decline_code: "authentication_required",
  });
  expect((await intents().retrieve(id)).status).toBe("requires_payment_method");
});
