import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { until } from "../stage.ts";
import { isSignedQuery } from "./signature.ts";
import { HASH_SECRET, type Merchant, openMerchant, openVnpayStage, type VnpayStage } from "./stage.ts";

const RETRY_MS = 20;
const CALLS_MAX = 10;
let vnpay: VnpayStage;
let merchant: Merchant;
let answer = "";
beforeEach(async () => {
  answer = '{"RspCode":"00","Message":"Confirm Success"}';
  merchant = await openMerchant(() => answer);
  vnpay = await openVnpayStage({ ipnUrl: merchant.url, ipnRetryMs: RETRY_MS }, { seed: 5 });
});
afterEach(async () => {
  await vnpay[Symbol.asyncDispose]();
  await merchant[Symbol.asyncDispose]();
});

const levers = () => vnpay.stage.sandbox.vnpay;
const pay = (txnRef: string, how: object = {}) =>
  levers().pay(vnpay.payUrl({ vnp_TxnRef: txnRef }), "00", how);
const heard = (at = 0) => Object.fromEntries(merchant.heard[at]?.url.searchParams ?? []);
const isDone = (txnRef: string) =>
  levers()
    .deliveries(txnRef)
    .every(({ state }) => state !== "pending");

test("the merchant is called with what the browser brings, signed", async () => {
  const { returnUrl } = pay("order-1");
  await until(() => isDone("order-1"));
  expect(merchant.heard).toHaveLength(1);
  expect(merchant.heard[0]?.url.pathname).toBe("/webhooks/vnpay");
  expect(isSignedQuery(heard(), HASH_SECRET)).toBe(true);
  expect({ by: "vnpay", ...heard() }).toEqual(Object.fromEntries(new URL(returnUrl).searchParams));
  expect(levers().deliveries()).toMatchObject([
    { txnRef: "order-1", state: "delivered", attemptCount: 1, attempts: [{ status: 200, answer: "00" }] },
  ]);
});

test.each(["00", "02"])("the answer %s ends the calls", async (code) => {
  answer = JSON.stringify({ RspCode: code, Message: "heard" });
  pay("order-1");
  await until(() => isDone("order-1"));
  await sleep(3 * RETRY_MS);
  expect(merchant.heard).toHaveLength(1);
  expect(levers().deliveries()[0]?.state).toBe("delivered");
});

test.each(['{"RspCode":"01"}', '{"RspCode":"04"}', '{"RspCode":"97"}', '{"RspCode":"99"}', "OK", "[]"])(
  "the answer %s is followed by more calls, ten in all",
  async (words) => {
    answer = words;
    pay("order-1");
    await until(() => isDone("order-1"));
    expect(merchant.heard).toHaveLength(CALLS_MAX);
    expect(levers().deliveries()[0]).toMatchObject({ state: "given_up", attemptCount: CALLS_MAX });
    const queries = merchant.heard.map(({ url }) => url.search);
    expect(new Set(queries).size).toBe(1);
  },
);

test("a merchant that is down for a while hears of it afterwards", async () => {
  levers().setIpnUrl("http://127.0.0.1:9/down");
  pay("order-1");
  await until(() => (levers().deliveries()[0]?.attemptCount ?? 0) > 1);
  levers().setIpnUrl(merchant.url);
  await until(() => isDone("order-1"));
  expect(levers().deliveries()[0]?.state).toBe("delivered");
  expect(merchant.heard).toHaveLength(1);
});

test("failures are told too", async () => {
  levers().pay(vnpay.payUrl({ vnp_TxnRef: "order-1" }), "24");
  await until(() => merchant.heard.length === 1);
  expect(heard()).toMatchObject({
    vnp_ResponseCode: "24",
    vnp_TransactionStatus: "02",
    vnp_TransactionNo: "0",
  });
  expect(heard()).not.toHaveProperty("vnp_BankTranNo");
});

test("tamper: other fields under the true signature come once, and the truth stays", async () => {
  answer = '{"RspCode":"97","Message":"Invalid signature"}';
  const { transaction } = pay("order-1", { tamper: { vnp_Amount: "100" } });
  await until(() => isDone("order-1"));
  expect(heard()["vnp_Amount"]).toBe("100");
  expect(isSignedQuery(heard(), HASH_SECRET)).toBe(false);
  expect(merchant.heard).toHaveLength(1);
  expect(transaction.amount).toBe(15_000_000);
  pay("order-2", { tamper: { vnp_SecureHash: "" } });
  await until(() => merchant.heard.length === 2);
  expect(heard(1)["vnp_SecureHash"]).toBe("");
});

test("tamper with resign: VNPay itself says something else", async () => {
  pay("order-1", { tamper: { vnp_Amount: "100" }, resign: true });
  await until(() => isDone("order-1"));
  expect(heard()["vnp_Amount"]).toBe("100");
  expect(isSignedQuery(heard(), HASH_SECRET)).toBe(true);
});

test("times and lateMs: as many calls as told, as late as told", async () => {
  const startedAt = performance.now();
  pay("order-1", { times: 3, lateMs: 80 });
  await until(() => merchant.heard.length === 3);
  for (const { atMs } of merchant.heard) expect(atMs - startedAt).toBeGreaterThan(75);
  await vnpay.stage.control("POST /sandbox/vnpay/replay", { txnRef: "order-1", times: 2 });
  await until(() => merchant.heard.length === 5);
  expect(() => levers().replay("nothing")).toThrow(/Nothing was told/);
});

test("weather: lost, doubled, late and out of order, as webhooks are", async () => {
  const { faults } = levers();
  faults.set({ webhooks: { loseRate: 1 } });
  pay("order-1");
  expect(await vnpay.stage.control("GET /sandbox/vnpay/deliveries?state=lost")).toMatchObject({ total: 1 });
  faults.set({ webhooks: { duplicate: 2, lateMs: 50 } });
  pay("order-2");
  await until(() => merchant.heard.length === 3);
  await vnpay.stage.control("POST /sandbox/vnpay/faults", { webhooks: { reorder: true } });
  const refs = ["order-3", "order-4", "order-5"];
  for (const ref of refs) pay(ref);
  await until(() => merchant.heard.length === 6);
  const told = merchant.heard.slice(3).map(({ url }) => url.searchParams.get("vnp_TxnRef") ?? "");
  expect(told).not.toEqual(refs);
  expect(told.toSorted()).toEqual(refs);
  expect(await vnpay.stage.control("DELETE /sandbox/vnpay/faults")).toEqual({});
});

test("nowhere to call: it is paid all the same, and told once there is an address", async () => {
  await vnpay.stage.control("POST /sandbox/vnpay/ipn", { url: null });
  expect(pay("order-1").payment.status).toBe("paid");
  expect(levers().deliveries()).toEqual([]);
  await vnpay.stage.control("POST /sandbox/vnpay/ipn", { url: merchant.url });
  levers().replay("order-1");
  await until(() => merchant.heard.length === 1);
});

test("a store file: payments, refunds and calls on their way outlive a restart", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  const store = join(folder, "vnpay.sqlite");
  const day = { vnp_CreateDate: "20300101000000", vnp_ExpireDate: "20300101001500" };
  const first = await openVnpayStage({ ipnUrl: "http://127.0.0.1:9/down", ipnRetryMs: RETRY_MS }, { store });
  const url = first.payUrl({ ...day, vnp_TxnRef: "order-1" });
  first.stage.sandbox.vnpay.pay(url);
  const refund = {
    vnp_TxnRef: "order-1",
    vnp_TransactionDate: day.vnp_CreateDate,
    vnp_TransactionType: "03",
    vnp_Amount: "100",
    vnp_RequestId: "r-1",
  };
  expect((await first.ask("refund", refund))["vnp_ResponseCode"]).toBe("00");
  await first[Symbol.asyncDispose]();
  const second = await openVnpayStage({ ipnUrl: merchant.url, ipnRetryMs: RETRY_MS }, { store });
  await until(() => merchant.heard.length === 1);
  expect((await second.ask("refund", refund))["vnp_ResponseCode"]).toBe("94");
  expect(() => second.stage.sandbox.vnpay.pay("order-1")).toThrow(/paid/);
  expect(second.stage.sandbox.vnpay.payments()[0]?.transactions).toHaveLength(2);
  await second[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});
