import { afterAll, beforeAll, expect, test } from "vitest";
import { clientOf, openStage, refusalOf, type Stage } from "../stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const intents = () => stage.stripe.paymentIntents;
const hold = (amount: number) =>
  intents().create({
    amount,
    currency: "usd",
    capture_method: "manual",
    confirm: true,
    payment_method: "pm_card_visa",
  });

test("create: an intent waits for a method and keeps what it was told", async () => {
  const intent = await intents().create({
    amount: 2_599,
    currency: "USD",
    description: "Order & co = ünïcode+1",
    metadata: { order: "o-1", odd: "a&b=[c]%" },
    transfer_group: "group-1",
  });
  expect(intent).toMatchObject({
    object: "payment_intent",
    status: "requires_payment_method",
    amount: 2_599,
    currency: "usd",
    amount_received: 0,
    description: "Order & co = ünïcode+1",
    metadata: { order: "o-1", odd: "a&b=[c]%" },
    transfer_group: "group-1",
    latest_charge: null,
    livemode: false,
  });
  expect(intent.client_secret).toMatch(new RegExp(`^${intent.id}_secret_`));
  expect(await intents().retrieve(intent.id)).toEqual(intent);
});

test("confirm: a good card is charged once, in full", async () => {
  const created = await intents().create({
    amount: 1_000,
    currency: "eur",
    payment_method: "pm_card_mastercard",
  });
  expect(created.status).toBe("requires_confirmation");
  const paid = await intents().confirm(created.id, { expand: ["latest_charge"] });
  expect(paid).toMatchObject({ status: "succeeded", amount_received: 1_000, amount_capturable: 0 });
  expect(paid.latest_charge).toMatchObject({
    object: "charge",
    amount_captured: 1_000,
    paid: true,
    refunded: false,
  });
  const again = await refusalOf(intents().confirm(created.id));
  expect(again).toMatchObject({ statusCode: 400, code: "payment_intent_unexpected_state" });
});

test.each([
  ["pm_card_chargeDeclined", "card_declined", "generic_decline"],
  ["pm_card_visa_chargeDeclined", "card_declined", "generic_decline"],
  ["pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"],
  ["pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"],
])("confirm: %s is declined with %s and %s", async (method, code, declineCode) => {
  const { id } = await intents().create({ amount: 1_000, currency: "usd" });
  const refusal = await refusalOf(intents().confirm(id, { payment_method: method }));
  expect(refusal).toMatchObject({
    type: "StripeCardError",
    statusCode: 402,
    code,
    decline_code: declineCode,
  });
  expect(refusal.payment_intent?.id).toBe(id);
  expect(await intents().retrieve(id)).toMatchObject({
    status: "requires_payment_method",
    payment_method: null,
    amount_received: 0,
    last_payment_error: { type: "card_error", code, decline_code: declineCode, charge: refusal.charge },
  });
  const paid = await intents().confirm(id, { payment_method: "pm_card_visa" });
  expect(paid).toMatchObject({ status: "succeeded", last_payment_error: null });
});

test("confirm: an unknown or a missing method is refused and changes nothing", async () => {
  const { id } = await intents().create({ amount: 1_000, currency: "usd" });
  const unknown = await refusalOf(intents().confirm(id, { payment_method: "pm_nothing" }));
  expect(unknown).toMatchObject({ statusCode: 400, code: "resource_missing", param: "payment_method" });
  const missing = await refusalOf(intents().confirm(id));
  expect(missing.code).toBe("payment_intent_unexpected_state");
  expect((await intents().retrieve(id)).status).toBe("requires_payment_method");
});

test("challenge: the payer passes and the money is taken", async () => {
  const asked = await intents().create({
    amount: 700,
    currency: "usd",
    confirm: true,
    payment_method: "pm_card_authenticationRequired",
    return_url: "https://shop.test/back",
  });
  expect(asked).toMatchObject({ status: "requires_action", latest_charge: null });
  const { url, return_url } = asked.next_action?.redirect_to_url ?? {};
  expect(return_url).toBe("https://shop.test/back");
  expect(await (await fetch(url ?? "")).text()).toContain("EMULATOR");
  const body = new URLSearchParams({ success: "true" });
  const back = await fetch(url ?? "", { method: "POST", body, redirect: "manual" });
  expect(back.headers.get("location")).toBe("https://shop.test/back");
  expect(await intents().retrieve(asked.id)).toMatchObject({ status: "succeeded", next_action: null });
});

test("challenge: the payer fails and may try another card", async () => {
  const { id } = await intents().create({
    amount: 700,
    currency: "usd",
    confirm: true,
    payment_method: "pm_card_threeDSecure2Required",
  });
  const failed = await stage.control<object>(`POST /sandbox/intents/${id}/authenticate`, { success: false });
  expect(failed).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { code: "payment_intent_authentication_failure" },
  });
  expect((await intents().confirm(id, { payment_method: "pm_card_visa" })).status).toBe("succeeded");
});

test("processing: a slow method ends when the sandbox is told", async () => {
  const slow = { amount: 700, currency: "usd", confirm: true, payment_method: "pm_sandbox_processing" };
  const [good, bad] = await Promise.all([intents().create(slow), intents().create(slow)]);
  expect(good.status).toBe("processing");
  expect(await stage.control(`POST /sandbox/intents/${good.id}/settle`, { success: true })).toMatchObject({
    status: "succeeded",
  });
  expect(await stage.control(`POST /sandbox/intents/${bad.id}/settle`, { success: false })).toMatchObject({
    status: "requires_payment_method",
    last_payment_error: { code: "card_declined" },
  });
});

test("capture: a part is taken, once", async () => {
  const held = await hold(1_000);
  expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 1_000, amount_received: 0 });
  const tooMuch = await refusalOf(intents().capture(held.id, { amount_to_capture: 1_001 }));
  expect(tooMuch).toMatchObject({ statusCode: 400, code: "amount_too_large", param: "amount_to_capture" });
  const captured = await intents().capture(held.id, { amount_to_capture: 600 });
  expect(captured).toMatchObject({
    status: "succeeded",
    amount: 1_000,
    amount_received: 600,
    amount_capturable: 0,
  });
  const again = await refusalOf(intents().capture(held.id, { amount_to_capture: 400 }));
  expect(again).toMatchObject({ statusCode: 400, code: "payment_intent_unexpected_state" });
});

test("cancel: a hold is let go, and cannot be captured after", async () => {
  const held = await hold(1_000);
  const canceled = await intents().cancel(held.id, { cancellation_reason: "abandoned" });
  expect(canceled).toMatchObject({
    status: "canceled",
    cancellation_reason: "abandoned",
    amount_capturable: 0,
  });
  expect(canceled.canceled_at).toBeGreaterThan(0);
  expect((await refusalOf(intents().capture(held.id))).code).toBe("payment_intent_unexpected_state");
  expect((await refusalOf(intents().confirm(held.id, { payment_method: "pm_card_visa" }))).code).toBe(
    "payment_intent_unexpected_state",
  );
});

test("cancel: after success it is refused, with the intent as it is", async () => {
  const paid = await intents().create({
    amount: 500,
    currency: "usd",
    confirm: true,
    payment_method: "pm_card_visa",
  });
  const refusal = await refusalOf(intents().cancel(paid.id));
  expect(refusal).toMatchObject({ statusCode: 400, code: "payment_intent_unexpected_state" });
  expect(refusal.payment_intent?.status).toBe("succeeded");
});

test("update: amount and metadata change before the money, only words after", async () => {
  const { id } = await intents().create({ amount: 500, currency: "usd", metadata: { a: "1", b: "2" } });
  const updated = await intents().update(id, { amount: 900, metadata: { a: "", c: "3" } });
  expect(updated).toMatchObject({ amount: 900, status: "requires_payment_method" });
  expect(updated.metadata).toEqual({ b: "2", c: "3" });
  await intents().confirm(id, { payment_method: "pm_card_visa" });
  expect((await refusalOf(intents().update(id, { amount: 901 }))).code).toBe(
    "payment_intent_unexpected_state",
  );
  expect((await intents().update(id, { metadata: { d: "4" } })).metadata["d"]).toBe("4");
});

test("browser: a publishable key with the client secret confirms its own intent and nothing else", async () => {
  const browser = clientOf(stage.sandbox, "pk_test_stage");
  const intent = await intents().create({ amount: 500, currency: "usd" });
  const secret = { client_secret: intent.client_secret ?? "" };
  expect((await browser.paymentIntents.retrieve(intent.id, secret)).id).toBe(intent.id);
  const stranger = await refusalOf(browser.paymentIntents.retrieve(intent.id, { client_secret: "wrong" }));
  expect(stranger.statusCode).toBe(404);
  expect((await refusalOf(browser.paymentIntents.retrieve(intent.id))).param).toBe("client_secret");
  expect((await refusalOf(browser.paymentIntents.cancel(intent.id))).code).toBe("secret_key_required");
  const body = new URLSearchParams({ ...secret, key: "pk_test_stage", payment_method: "pm_card_visa" });
  const answer = await fetch(`${stage.sandbox.url}/v1/payment_intents/${intent.id}/confirm`, {
    method: "POST",
    body,
  });
  expect(await answer.json()).toMatchObject({ status: "succeeded" });
});
