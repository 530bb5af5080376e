import { expect, test } from "vitest";
import { canonical, formEncoded, isSignedList, isSignedQuery, listHash, signedQuery } from "./signature.ts";
import { query } from "./query.ts";
import { stampOf, timeOf } from "./time.ts";

// The example of VNPay's own documents, whose secret is not told; the hashes here come from another language's library.
const EXAMPLE =
  "vnp_Amount=1806000&vnp_Command=pay&vnp_CreateDate=20210801153333&vnp_CurrCode=VND&vnp_IpAddr=127.0.0.1&vnp_Locale=vn&vnp_OrderInfo=Thanh+toan+don+hang+%3A5&vnp_OrderType=other&vnp_ReturnUrl=https%3A%2F%2Fdomainmerchant.vn%2FReturnUrl&vnp_TmnCode=DEMOV210&vnp_TxnRef=5&vnp_Version=2.1.0";
const SECRET = "RAOEXHYVSDDIIENYWSLDIIZTANXUXZFJ";
const HASH =
  "d0058b07898b38ab1771b0a443387f017fcfdb859c53c3fb9afa3e69c4c636d90cddfac399120776d67115299676465a58157e17d4972b25ff4a53ba73009b62";
const QUERY_HASH =
  "3309beee221f1fb51fd1b7c92e89f07580091a68fac81e6134cf8db5fb08d0b08febec71007364888ce28a585624f6423236b3cabd438896ed299a6b04809492";

const fields = Object.fromEntries(new URLSearchParams(EXAMPLE));

test("canonical: the documented example, whatever the order of its fields and what else comes with it", () => {
  const shuffled = Object.fromEntries(Object.entries(fields).toReversed());
  const more = { ...shuffled, vnp_SecureHash: "x", vnp_SecureHashType: "y", vnp_BankCode: "", other: "z" };
  expect(canonical(more)).toBe(EXAMPLE);
});

test("signature: the hash another library makes, in either case of its letters", () => {
  expect(signedQuery(fields, SECRET)).toBe(`${EXAMPLE}&vnp_SecureHash=${HASH}`);
  expect(isSignedQuery({ ...fields, vnp_SecureHash: HASH.toUpperCase() }, SECRET)).toBe(true);
});

test("signature: another secret, another field, none, or half of it never holds", () => {
  const signed = { ...fields, vnp_SecureHash: HASH };
  expect(isSignedQuery(signed, "other")).toBe(false);
  for (const name of Object.keys(fields)) {
    expect(isSignedQuery({ ...signed, [name]: `${fields[name]}1` }, SECRET)).toBe(false);
    expect(isSignedQuery({ ...signed, [name]: "" }, SECRET)).toBe(false);
  }
  for (const hash of ["", HASH.slice(0, 64), `${HASH}00`])
    expect(isSignedQuery({ ...fields, vnp_SecureHash: hash }, SECRET)).toBe(false);
  expect(isSignedQuery(fields, SECRET)).toBe(false);
});

test("form encoding: byte by byte, a space is a plus", () => {
  expect(formEncoded("a b+c&d=e/f:g?h#i%j_k-l.m,n;o@p$q[r]é₫")).toBe(
    "a+b%2Bc%26d%3De%2Ff%3Ag%3Fh%23i%25j_k-l.m%2Cn%3Bo%40p%24q%5Br%5D%C3%A9%E2%82%AB",
  );
  expect(formEncoded("!'()*~")).toBe("%21%27%28%29%2A%7E");
});

test("list: the values between bars, in the documented order", () => {
  const asked = {
    vnp_OrderInfo: "Hoi don hang 5",
    vnp_IpAddr: "127.0.0.1",
    vnp_CreateDate: "20210801154444",
    vnp_TransactionDate: "20210801153333",
    vnp_TxnRef: "5",
    vnp_TmnCode: "DEMOV210",
    vnp_Command: "querydr",
    vnp_Version: "2.1.0",
    vnp_RequestId: "r1",
  };
  expect(listHash(asked, query.asks, SECRET)).toBe(QUERY_HASH);
  expect(isSignedList({ ...asked, vnp_SecureHash: QUERY_HASH }, query.asks, SECRET)).toBe(true);
  for (const name of query.asks)
    expect(isSignedList({ ...asked, [name]: "x", vnp_SecureHash: QUERY_HASH }, query.asks, SECRET)).toBe(
      false,
    );
});

test("time: Vietnam's clock, seven hours ahead all year, there and back", () => {
  expect(stampOf(Date.UTC(2021, 7, 1, 8, 33, 33, 999))).toBe("20210801153333");
  expect(stampOf(Date.UTC(2025, 11, 31, 20))).toBe("20260101030000");
  expect(timeOf("20210801153333")).toBe(Date.UTC(2021, 7, 1, 8, 33, 33));
  for (const wrong of ["", "20210230000000", "20211301000000", "20210801256000", "2021080115333", "x"])
    expect(timeOf(wrong)).toBeUndefined();
});
