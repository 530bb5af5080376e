import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openStage } from "../stage.ts";
import type { State } from "../totals.ts";
import { type Code, MESSAGES } from "./shapes.ts";
import { type Fields, isSignedQuery } from "./signature.ts";
import { HASH_SECRET, openVnpayStage, TERMINAL, type VnpayStage } from "./stage.ts";
import { stampOf } from "./time.ts";

let vnpay: VnpayStage;
let aheadMs = 0;
beforeAll(async () => {
  vnpay = await openVnpayStage({}, { clock: () => Date.now() + aheadMs });
});
beforeEach(() => vnpay.stage.control("POST /sandbox/reset"));
afterAll(() => vnpay[Symbol.asyncDispose]());

const visit = async (url: string) => {
  const response = await fetch(url);
  const text = await response.text();
  return { status: response.status, text, code: /Error <code>(\d\d)</.exec(text)?.[1] };
};
const levers = () => vnpay.stage.sandbox.vnpay;
const press = (txnRef: string, outcome: string) =>
  fetch(`${vnpay.stage.sandbox.url}/vnpay/paymentv2/pay`, {
    method: "POST",
    body: new URLSearchParams({ txnRef, outcome }),
    redirect: "manual",
  });
const state = async () => (await vnpay.stage.control<State>("GET /sandbox/state"))["vnpay"];

test("page: a signed wish shows the payer what to pay, and is one payment however often it is seen", async () => {
  const url = vnpay.payUrl({ vnp_TxnRef: "order-1" });
  for (const seen of [await visit(url), await visit(url)]) {
    expect(seen).toMatchObject({ status: 200, code: undefined });
    expect(seen.text).toContain("EMULATOR");
    expect(seen.text).toContain("150000 VND");
  }
  expect(levers().payments()).toMatchObject([
    { id: "order-1", amount: 15_000_000, status: "pending", transactions: [] },
  ]);
});

test.each<[string, Code, Fields, string?]>([
  ["another secret", "70", {}, "another"],
  ["another website", "72", { vnp_TmnCode: "OTHER" }],
  ["another currency", "03", { vnp_CurrCode: "USD" }],
  ["another version", "03", { vnp_Version: "2.0.0" }],
  ["no amount", "03", { vnp_Amount: "" }],
  ["nothing to pay", "03", { vnp_Amount: "0" }],
  ["hundredths of a dong", "03", { vnp_Amount: "15000050" }],
  ["less than VNPay takes", "03", { vnp_Amount: "499900" }],
  ["more than VNPay takes", "03", { vnp_Amount: "100000000000" }],
  ["less than nothing", "03", { vnp_Amount: "-15000000" }],
  ["no such day", "03", { vnp_CreateDate: "20250230000000" }],
  ["no reference", "03", { vnp_TxnRef: "" }],
  ["a reference with spaces", "03", { vnp_TxnRef: "a b" }],
  ["letters that VNPay does not take", "03", { vnp_OrderInfo: "Thanh toán" }],
  ["a character that libraries encode in two ways", "03", { vnp_OrderInfo: "order (7)" }],
  ["nowhere to return to", "03", { vnp_ReturnUrl: "javascript:alert(1)" }],
  ["an end that is past", "15", { vnp_ExpireDate: "20250101000000" }],
])("page: %s is error %s", async (_, code, changes, secret) => {
  expect(await visit(vnpay.payUrl(changes, secret))).toMatchObject({ status: 400, code });
  expect(levers().payments()).toEqual([]);
  expect(() => levers().open(vnpay.payUrl(changes, secret))).toThrow(MESSAGES[code]);
});

test("page: every field is signed, and one that comes twice is refused", async () => {
  const url = vnpay.payUrl({ vnp_TxnRef: "order-1" });
  for (const name of new URL(url).searchParams.keys()) {
    const changed = new URL(url);
    changed.searchParams.set(name, `${changed.searchParams.get(name)}1`);
    expect((await visit(String(changed))).code).toMatch(/70|72/);
  }
  expect((await visit(`${url}&vnp_Amount=100`)).code).toBe("03");
  expect((await visit(url.replaceAll("+", "%20"))).code).toBeUndefined();
});

test("page: a merchant that the sandbox was not told of is unknown", async () => {
  await using alone = await openVnpayStage();
  await using without = await openStage();
  const url = alone.payUrl().replace(alone.stage.sandbox.url, without.sandbox.url);
  expect((await visit(url)).code).toBe("72");
  expect((await visit(without.sandbox.vnpay.payUrl)).code).toBe("72");
});

test("paid: the browser goes back with a signed answer, and nobody pays twice", async () => {
  const url = vnpay.payUrl({ vnp_TxnRef: "order-1", vnp_BankCode: "VIETCOMBANK" });
  await visit(url);
  const back = new URL((await press("order-1", "00")).headers.get("location") ?? "");
  const answer = Object.fromEntries(back.searchParams);
  expect(`${back.origin}${back.pathname}`).toBe("https://shop.test/paid");
  expect(answer).toMatchObject({
    by: "vnpay",
    vnp_Amount: "15000000",
    vnp_BankCode: "VIETCOMBANK",
    vnp_ResponseCode: "00",
    vnp_TransactionStatus: "00",
    vnp_TmnCode: TERMINAL,
    vnp_TxnRef: "order-1",
    vnp_OrderInfo: "Thanh toan don hang: 7",
  });
  expect(answer["vnp_PayDate"]).toMatch(/^\d{14}$/);
  expect(isSignedQuery(answer, HASH_SECRET)).toBe(true);
  expect((await press("order-1", "00")).status).toBe(409);
  expect(() => levers().pay("order-1", "24")).toThrow(/paid/);
  expect((await visit(url)).code).toBe("01");
  expect(await state()).toMatchObject({ payments: { paid: 1 }, paidVnd: 150_000, netVnd: 150_000 });
});

test("failed: the payer may try again with the same reference, until it is paid", async () => {
  levers().open(vnpay.payUrl({ vnp_TxnRef: "order-1" }));
  expect(levers().pay("order-1", "51")).toMatchObject({
    payment: { status: "failed" },
    transaction: { responseCode: "51", status: "02" },
  });
  const { transaction } = levers().pay("order-1", "24");
  expect(transaction).toMatchObject({ responseCode: "24", number: "0", bankCode: "VNPAY" });
  expect(levers().pay("order-1").payment.status).toBe("paid");
  expect(
    levers()
      .payments("order-1")[0]
      ?.transactions.map(({ responseCode }) => responseCode),
  ).toEqual(["51", "24", "00"]);
  expect(await state()).toMatchObject({ payments: { paid: 1 }, paidVnd: 150_000 });
});

test("suspected: money that VNPay looks into is not paid, and not paid again", () => {
  const url = vnpay.payUrl({ vnp_TxnRef: "order-1" });
  expect(levers().pay(url, "07")).toMatchObject({
    payment: { status: "suspected" },
    transaction: { status: "07" },
  });
  expect(() => levers().pay("order-1")).toThrow(/suspected/);
});

test("another wish under the same reference is refused", async () => {
  levers().open(vnpay.payUrl({ vnp_TxnRef: "order-1" }));
  const cheaper = vnpay.payUrl({ vnp_TxnRef: "order-1", vnp_Amount: "500000" });
  expect((await visit(cheaper)).code).toBe("01");
  expect(levers().pay("order-1").payment.amount).toBe(15_000_000);
});

test("expired: after its end a payment can only fail", () => {
  const now = Date.now() + aheadMs;
  levers().open(vnpay.payUrl({ vnp_TxnRef: "order-1", vnp_ExpireDate: stampOf(now + 60_000) }));
  const unnamed = { vnp_TxnRef: "order-2", vnp_ExpireDate: "" };
  levers().open(vnpay.payUrl(unnamed));
  aheadMs += 61_000;
  expect(() => levers().pay("order-1")).toThrow(/could be paid until/);
  expect(levers().pay("order-1", "11").transaction).toMatchObject({ responseCode: "11", status: "02" });
  expect(levers().pay("order-2").payment.status).toBe("paid");
});

test("controls: refuse what nobody came to pay, and what is no payment", async () => {
  const pay = (body: object) => vnpay.stage.control(`POST /sandbox/vnpay/pay`, body);
  expect(await pay({ txnRef: "nothing" })).toMatchObject({ error: { code: "unknown_payment" } });
  expect(await pay({ url: vnpay.payUrl({}, "another") })).toMatchObject({ error: { code: "70" } });
  for (const odd of [{}, { txnRef: "a", url: "http://a.test" }, { txnRef: "a", outcome: "50" }])
    expect(await pay(odd)).toMatchObject({ error: { code: "invalid_request" } });
  expect(await pay({ url: vnpay.payUrl({ vnp_TxnRef: "order-1" }) })).toMatchObject({
    payment: { status: "paid" },
  });
  expect(await vnpay.stage.control("GET /sandbox/vnpay/payments?txnRef=order-1")).toMatchObject({ total: 1 });
});
