import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { State } from "../totals.ts";
import { query } from "./query.ts";
import { refund } from "./refund.ts";
import { type Fields, isSignedList } from "./signature.ts";
import { HASH_SECRET, openVnpayStage, TERMINAL, type VnpayStage } from "./stage.ts";

const DATE = "20300101000000";
let vnpay: VnpayStage;
beforeAll(async () => {
  vnpay = await openVnpayStage();
});
beforeEach(() => vnpay.stage.control("POST /sandbox/reset"));
afterAll(() => vnpay[Symbol.asyncDispose]());

const levers = () => vnpay.stage.sandbox.vnpay;
const wish = (txnRef: string) =>
  vnpay.payUrl({ vnp_TxnRef: txnRef, vnp_CreateDate: DATE, vnp_ExpireDate: "20300101001500" });
const pay = (txnRef: string) => levers().pay(wish(txnRef)).transaction;
const ask = (txnRef: string, more: Fields = {}) =>
  vnpay.ask("querydr", { vnp_TxnRef: txnRef, vnp_TransactionDate: DATE, ...more });
const giveBack = (txnRef: string, amount: string, more: Fields = {}) =>
  vnpay.ask("refund", {
    vnp_TxnRef: txnRef,
    vnp_TransactionDate: DATE,
    vnp_TransactionType: "03",
    vnp_Amount: amount,
    ...more,
  });
const codes = (answers: Fields[]) => answers.map(({ vnp_ResponseCode }) => vnp_ResponseCode);
const state = async () => (await vnpay.stage.control<State>("GET /sandbox/state"))["vnpay"];

test("querydr: a payment as it stands, in a signed answer", async () => {
  levers().open(wish("order-1"));
  const pending = await ask("order-1");
  expect(pending).toMatchObject({
    vnp_ResponseCode: "00",
    vnp_TransactionStatus: "01",
    vnp_TransactionType: "01",
    vnp_Amount: "15000000",
    vnp_TransactionNo: "0",
  });
  levers().pay("order-1", "51");
  expect(await ask("order-1")).toMatchObject({ vnp_ResponseCode: "00", vnp_TransactionStatus: "02" });
  const { number } = levers().pay("order-1").transaction;
  const paid = await ask("order-1");
  expect(paid).toMatchObject({
    vnp_Command: "querydr",
    vnp_TmnCode: TERMINAL,
    vnp_TxnRef: "order-1",
    vnp_ResponseCode: "00",
    vnp_TransactionStatus: "00",
    vnp_TransactionNo: number,
    vnp_BankCode: "NCB",
    vnp_OrderInfo: "Thanh toan don hang: 7",
  });
  for (const answer of [pending, paid]) {
    expect(isSignedList(answer, query.answers, HASH_SECRET)).toBe(true);
    expect(isSignedList({ ...answer, vnp_TransactionStatus: "07" }, query.answers, HASH_SECRET)).toBe(false);
  }
});

test("querydr: an unknown reference, another day or another number is 91", async () => {
  pay("order-1");
  const answers = [
    await ask("order-2"),
    await ask("order-1", { vnp_TransactionDate: "20300101000001" }),
    await ask("order-1", { vnp_TransactionNo: "1" }),
  ];
  expect(codes(answers)).toEqual(["91", "91", "91"]);
  for (const answer of answers) expect(isSignedList(answer, query.answers, HASH_SECRET)).toBe(true);
});

test.each<[string, string, Fields]>([
  ["97", "a wrong hash", { vnp_SecureHash: "0".repeat(128) }],
  ["97", "an empty hash", { vnp_SecureHash: "" }],
  ["02", "another terminal", { vnp_TmnCode: "OTHER" }],
  ["03", "another version", { vnp_Version: "2.0.0" }],
  ["03", "no reference", { vnp_TxnRef: "" }],
  ["03", "no request id", { vnp_RequestId: "" }],
  ["03", "an unknown command", { vnp_Command: "toString" }],
])("code %s: %s", async (code, _, more) => {
  pay("order-1");
  expect(await ask("order-1", more)).toMatchObject({ vnp_ResponseCode: code });
  expect(await giveBack("order-1", "100", more)).toMatchObject({ vnp_ResponseCode: code });
  expect(await state()).toMatchObject({ refunds: 0 });
});

test("garbage is code 03, and no stack", async () => {
  for (const body of ["", "{", "null", "[]", '"x"', "5"]) {
    const response = await fetch(levers().apiUrl, { method: "POST", body });
    expect(await response.json()).toMatchObject({ vnp_ResponseCode: "03" });
  }
});

test("querydr: a request id is taken once", async () => {
  pay("order-1");
  const id = { vnp_RequestId: "r-1" };
  expect(codes([await ask("order-1", id), await ask("order-1", id)])).toEqual(["00", "94"]);
  expect(await giveBack("order-1", "100", id)).toMatchObject({ vnp_ResponseCode: "00" });
});

test("refund: in parts, together at most what was paid, each found by its number", async () => {
  const { number } = pay("order-1");
  const first = await giveBack("order-1", "5000000", { vnp_TransactionNo: number });
  expect(first).toMatchObject({
    vnp_Command: "refund",
    vnp_ResponseCode: "00",
    vnp_Amount: "5000000",
    vnp_TransactionType: "03",
    vnp_TransactionStatus: "05",
    vnp_TxnRef: "order-1",
  });
  expect(isSignedList(first, refund.answers, HASH_SECRET)).toBe(true);
  const rest = [await giveBack("order-1", "10000100"), await giveBack("order-1", "10000000")];
  expect(codes([...rest, await giveBack("order-1", "100")])).toEqual(["93", "00", "93"]);
  const named = { vnp_TransactionNo: first["vnp_TransactionNo"] ?? "" };
  expect(await ask("order-1", named)).toMatchObject({ vnp_TransactionType: "03", vnp_Amount: "5000000" });
  expect(await ask("order-1")).toMatchObject({ vnp_TransactionType: "01", vnp_TransactionStatus: "00" });
  expect(await state()).toMatchObject({ refunds: 2, paidVnd: 150_000, refundedVnd: 150_000, netVnd: 0 });
});

test("refund: in full, once, and not after a part", async () => {
  const full = { vnp_TransactionType: "02" };
  pay("order-1");
  expect(await giveBack("order-1", "100", full)).toMatchObject({ vnp_ResponseCode: "93" });
  expect(await giveBack("order-1", "15000000", full)).toMatchObject({
    vnp_ResponseCode: "00",
    vnp_TransactionType: "02",
  });
  pay("order-2");
  await giveBack("order-2", "100");
  expect(await giveBack("order-2", "15000000", full)).toMatchObject({ vnp_ResponseCode: "04" });
  expect(await giveBack("order-2", "100", { vnp_TransactionType: "01" })).toMatchObject({
    vnp_ResponseCode: "03",
  });
});

test("refund: what is not paid is 95, what is unknown is 91", async () => {
  levers().open(wish("order-1"));
  expect(await giveBack("order-1", "100")).toMatchObject({ vnp_ResponseCode: "95" });
  levers().pay("order-1", "51");
  expect(await giveBack("order-1", "100")).toMatchObject({ vnp_ResponseCode: "95" });
  expect(await giveBack("order-2", "100")).toMatchObject({ vnp_ResponseCode: "91" });
  pay("order-3");
  expect(await giveBack("order-3", "100", { vnp_TransactionNo: "1" })).toMatchObject({
    vnp_ResponseCode: "91",
  });
});

test("refund: the same request id gives back once, and one that was refused may come again", async () => {
  pay("order-1");
  const id = { vnp_RequestId: "r-1" };
  const many = await Promise.all(Array.from({ length: 5 }, () => giveBack("order-1", "100", id)));
  expect(codes(many).filter((code) => code === "00")).toHaveLength(1);
  expect(codes(many).filter((code) => code === "94")).toHaveLength(4);
  levers().open(wish("order-2"));
  const again = { vnp_RequestId: "r-2" };
  expect(await giveBack("order-2", "100", again)).toMatchObject({ vnp_ResponseCode: "95" });
  levers().pay("order-2");
  expect(await giveBack("order-2", "100", again)).toMatchObject({ vnp_ResponseCode: "00" });
});

test("refund: twenty at once never give back more than was paid", async () => {
  pay("order-1");
  const many = await Promise.all(Array.from({ length: 20 }, () => giveBack("order-1", "2500000")));
  expect(codes(many).filter((code) => code === "00")).toHaveLength(6);
  expect(await state()).toMatchObject({ netVnd: 0 });
});

test("weather: not executed, executed and cut off, or refused with a code", async () => {
  const { faults, apiUrl } = levers();
  pay("order-1");
  const next = (kind: "error" | "cut" | "refuse", code?: string) =>
    faults.set({
      next: [
        { match: "POST /vnpay/merchant_webapi/api/transaction", kind, ...(code !== undefined && { code }) },
      ],
    });
  next("error");
  expect((await fetch(apiUrl, { method: "POST", body: "{}" })).status).toBe(503);
  next("cut");
  const id = { vnp_RequestId: "r-1" };
  await expect(giveBack("order-1", "100", id)).rejects.toThrow("fetch failed");
  expect(await giveBack("order-1", "100", id)).toMatchObject({ vnp_ResponseCode: "94" });
  next("refuse", "99");
  const refused = await giveBack("order-1", "100");
  expect(refused).toMatchObject({ vnp_ResponseCode: "99" });
  expect(isSignedList(refused, refund.answers, HASH_SECRET)).toBe(true);
  expect(await state()).toMatchObject({ refundedVnd: 1 });
});
