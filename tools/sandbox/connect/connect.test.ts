import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openStage, refusalOf, type Stage } from "../stage.ts";
import type { State } from "../totals.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
beforeEach(() => stage.control("POST /sandbox/reset"));
afterAll(() => stage[Symbol.asyncDispose]());

const send = (destination: string, amount = 1_000, more: object = {}) =>
  stage.stripe.transfers.create({ amount, currency: "usd", destination, ...more });
const state = () => stage.control<State>("GET /sandbox/state");

test("account: made, read and listed, and it can be paid", async () => {
  const { accounts } = stage.stripe;
  const account = await accounts.create({
    type: "express",
    country: "VN",
    email: "seller@example.com",
    capabilities: { transfers: { requested: true } },
    metadata: { seller: "7" },
  });
  expect(account).toMatchObject({
    object: "account",
    country: "VN",
    email: "seller@example.com",
    payouts_enabled: true,
    capabilities: { transfers: "active" },
    metadata: { seller: "7" },
  });
  expect(account.id).toMatch(/^acct_/);
  expect(await accounts.retrieve(account.id)).toEqual(account);
  expect((await accounts.list()).data.map(({ id }) => id)).toEqual([account.id]);
  expect(await refusalOf(accounts.retrieve("acct_nothing"))).toMatchObject({
    statusCode: 403,
    code: "account_invalid",
  });
});

test("transfer: moves money once a key, and says so", async () => {
  const { id: destination } = await stage.stripe.accounts.create({});
  const body = {
    amount: 700,
    currency: "usd",
    destination,
    transfer_group: "payout-1",
    metadata: { payout: "1" },
  };
  const [first, second] = await Promise.all([
    stage.stripe.transfers.create(body, { idempotencyKey: "payout-1" }),
    stage.stripe.transfers.create(body, { idempotencyKey: "payout-1" }),
  ]);
  expect(first).toMatchObject({ object: "transfer", ...body, amount_reversed: 0, reversed: false });
  expect(second).toEqual(first);
  expect(await stage.stripe.transfers.retrieve(first.id)).toEqual(first);
  expect((await stage.stripe.events.list({ type: "transfer.created" })).data).toHaveLength(1);
  expect(await state()).toMatchObject({ transfers: 1, transferred: { usd: 700 }, balance: { usd: -700 } });
});

test("transfer: an account that nobody made here is taken to exist, another id is not", async () => {
  expect((await send("acct_elsewhere")).destination).toBe("acct_elsewhere");
  expect(await refusalOf(send("ba_bank"))).toMatchObject({ code: "resource_missing", param: "destination" });
  expect((await refusalOf(send("acct_x", 0))).param).toBe("amount");
  expect((await refusalOf(send("acct_x", 1, { source_transaction: "ch_nothing" }))).code).toBe(
    "resource_missing",
  );
  expect((await state()).transfers).toBe(1);
});

test("transfer: a closed account cannot be paid, and what was refused leaves no trace", async () => {
  const { id } = await stage.stripe.accounts.create({});
  await stage.control(`POST /sandbox/accounts/${id}`, { closed: true });
  expect(await refusalOf(send(id))).toMatchObject({
    type: "StripeInvalidRequestError",
    statusCode: 400,
    code: "insufficient_capabilities_for_transfer",
  });
  expect((await stage.stripe.accounts.retrieve(id)).payouts_enabled).toBe(false);
  stage.sandbox.bank.setAccountClosed("acct_elsewhere", true);
  expect((await refusalOf(send("acct_elsewhere"))).statusCode).toBe(400);
  expect(await state()).toMatchObject({ transfers: 0, balance: {} });
  await stage.control(`POST /sandbox/accounts/${id}`, { closed: false });
  expect((await send(id)).destination).toBe(id);
});

test("transfer: a refusal that is injected is an answer, and its key remembers it", async () => {
  const once = { match: "POST /v1/transfers", kind: "refuse", code: "balance_insufficient" } as const;
  stage.sandbox.faults.set({ next: [once] });
  const body = { amount: 1, currency: "usd", destination: "acct_1" };
  const call = () => stage.stripe.transfers.create(body, { idempotencyKey: "k" });
  for (const refusal of [await refusalOf(call()), await refusalOf(call())]) {
    expect(refusal).toMatchObject({ statusCode: 400, code: "balance_insufficient" });
  }
  expect(await stage.stripe.transfers.create(body, { idempotencyKey: "k-2" })).toMatchObject({ amount: 1 });
});

test("reversal: in parts, up to what was sent", async () => {
  const { transfers, events } = stage.stripe;
  const { id } = await send("acct_1");
  const reversal = await transfers.createReversal(id, { amount: 400, metadata: { why: "refund" } });
  expect(reversal).toMatchObject({ object: "transfer_reversal", amount: 400, transfer: id });
  expect((await refusalOf(transfers.createReversal(id, { amount: 601 }))).param).toBe("amount");
  await transfers.createReversal(id);
  expect(await transfers.retrieve(id)).toMatchObject({ amount_reversed: 1_000, reversed: true });
  expect((await refusalOf(transfers.createReversal(id))).message).toContain("fully reversed");
  expect((await transfers.listReversals(id)).data.map(({ amount }) => amount)).toEqual([600, 400]);
  const reversed = await events.list({ type: "transfer.reversed" });
  expect(
    reversed.data.map(({ data }) => (data.object as { amount_reversed: number }).amount_reversed),
  ).toEqual([1_000, 400]);
  expect(await state()).toMatchObject({ transferred: { usd: 0 }, balance: { usd: 0 } });
});

test("list: by destination and by group", async () => {
  const { transfers } = stage.stripe;
  const one = await send("acct_1", 1, { transfer_group: "a" });
  const other = await send("acct_2", 2, { transfer_group: "a" });
  const ids = async (by: object) => (await transfers.list(by)).data.map(({ id }) => id);
  expect(await ids({ destination: "acct_1" })).toEqual([one.id]);
  expect(await ids({ transfer_group: "a" })).toEqual([other.id, one.id]);
  expect(await ids({ created: { gt: other.created } })).toEqual([]);
});
