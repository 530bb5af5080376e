import type Stripe from "stripe";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openStage, refusalOf, type Stage } from "../stage.ts";
import type { State } from "../totals.ts";

const HOUR_MS = 60 * 60 * 1_000;
let stage: Stage;
let aheadMs = 0;
beforeAll(async () => {
  stage = await openStage({ clock: () => Date.now() + aheadMs });
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
const all = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
};
const seen = ({ type, amount, currency, source }: Stripe.BalanceTransaction) => ({
  type,
  amount,
  currency,
  source,
});

test("transactions: every movement once, with its source, its sign and no fee", async () => {
  const { balanceTransactions, refunds, transfers, charges, disputes } = stage.stripe;
  const paid = await pay(1_000);
  const held = await pay(500, { capture_method: "manual", currency: "eur" });
  await stage.stripe.paymentIntents.capture(held.id, { amount_to_capture: 200 });
  const refund = await refunds.create({ payment_intent: paid.id, amount: 300 });
  const dispute = stage.sandbox.bank.dispute(paid.id);
  stage.sandbox.bank.decide(dispute.id, "won");
  const transfer = await transfers.create({ amount: 600, currency: "usd", destination: "acct_1" });
  const reversal = await transfers.createReversal(transfer.id, { amount: 50 });
  const list = await all(balanceTransactions.list());
  expect(list.toReversed().map(seen)).toEqual([
    { type: "charge", amount: 1_000, currency: "usd", source: paid.latest_charge },
    { type: "charge", amount: 200, currency: "eur", source: held.latest_charge },
    { type: "refund", amount: -300, currency: "usd", source: refund.id },
    { type: "adjustment", amount: -700, currency: "usd", source: dispute.id },
    { type: "adjustment", amount: 700, currency: "usd", source: dispute.id },
    { type: "transfer", amount: -600, currency: "usd", source: transfer.id },
    { type: "transfer_refund", amount: 50, currency: "usd", source: reversal.id },
  ]);
  for (const item of list) expect(item).toMatchObject({ fee: 0, net: item.amount, status: "available" });
  const expand = ["data.balance_transaction"];
  const { data } = await charges.list({ payment_intent: paid.id, expand });
  expect(data[0]?.balance_transaction).toEqual(list.at(-1));
  expect((await disputes.retrieve(dispute.id)).balance_transactions).toHaveLength(2);
  const { available } = await stage.stripe.balance.retrieve();
  expect(available.map(({ amount, currency }) => [currency, amount])).toEqual([
    ["usd", 150],
    ["eur", 200],
  ]);
  expect((await stage.control<State>("GET /sandbox/state")).balance).toEqual({ usd: 150, eur: 200 });
});

test("transactions: by type, by source, by currency, and with the source expanded", async () => {
  const { balanceTransactions } = stage.stripe;
  const paid = await pay(1_000);
  await pay(1_000, { currency: "eur" });
  const refund = await stage.stripe.refunds.create({ payment_intent: paid.id });
  const amounts = async (by: Stripe.BalanceTransactionListParams) =>
    (await balanceTransactions.list(by)).data.map(({ amount }) => amount);
  expect(await amounts({ type: "refund" })).toEqual([-1_000]);
  expect(await amounts({ currency: "eur" })).toEqual([1_000]);
  expect(await amounts({ payout: "po_1" })).toEqual([]);
  const { data } = await balanceTransactions.list({ source: refund.id, expand: ["data.source"] });
  expect(data[0]?.source).toMatchObject({ object: "refund", payment_intent: paid.id });
  expect(await balanceTransactions.retrieve(data[0]?.id ?? "")).toMatchObject({ source: refund.id });
  expect((await refusalOf(balanceTransactions.retrieve("txn_nothing"))).code).toBe("resource_missing");
});

test("a refusal moves nothing", async () => {
  const { refunds, paymentIntents, transfers } = stage.stripe;
  const paid = await pay(1_000);
  const held = await pay(100, { capture_method: "manual" });
  const odd = { metadata: { ["k".repeat(41)]: "v" } };
  await refusalOf(refunds.create({ payment_intent: paid.id, ...odd }));
  await refusalOf(paymentIntents.capture(held.id, odd));
  await refusalOf(transfers.create({ amount: 1, currency: "usd", destination: "acct_1", ...odd }));
  await refusalOf(pay(1_000, { payment_method: "pm_card_chargeDeclined" }));
  const transfer = await transfers.create({ amount: 1, currency: "usd", destination: "acct_1" });
  await refusalOf(transfers.createReversal(transfer.id, odd));
  const { data } = await stage.stripe.balanceTransactions.list();
  expect(data.map(({ amount }) => amount)).toEqual([-1, 1_000]);
});

test("the package pages through everything of a window, each once, while more comes in", async () => {
  const { stripe } = stage;
  await pay(1);
  aheadMs += HOUR_MS;
  const from = Math.floor((Date.now() + aheadMs) / 1_000);
  const paid = [];
  for (let n = 0; n < 25; n += 1) paid.push(await pay(100 + n));
  for (const { id } of paid) await stripe.refunds.create({ payment_intent: id, amount: 10 });
  for (const { id } of paid) stage.sandbox.bank.dispute(id);
  for (let n = 0; n < 25; n += 1)
    await stripe.transfers.create({ amount: 1, currency: "usd", destination: "acct_1" });
  const created = { gte: from };
  const walked: string[] = [];
  for await (const { id } of stripe.balanceTransactions.list({ created, limit: 7 })) {
    walked.push(id);
    if (walked.length === 10) await pay(9);
  }
  expect(walked).toHaveLength(100);
  expect(new Set(walked).size).toBe(100);
  const lists = [
    stripe.paymentIntents.list({ created, limit: 10 }),
    stripe.charges.list({ created, limit: 10 }),
  ];
  for (const list of lists) expect(await all<{ id: string }>(list)).toHaveLength(26);
  const others = [
    stripe.refunds.list({ created, limit: 10 }),
    stripe.disputes.list({ created, limit: 10 }),
    stripe.transfers.list({ created, limit: 10 }),
  ];
  for (const list of others) expect(await all<{ id: string }>(list)).toHaveLength(25);
  expect(await all(stripe.charges.list({ created: { lt: from } }))).toHaveLength(1);
});
