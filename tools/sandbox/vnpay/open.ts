import { type Code, MESSAGES, type Payment } from "./shapes.ts";
import { type Fields, isSignedQuery } from "./signature.ts";
import { timeOf } from "./time.ts";
import type { VnpayWorld } from "./world.ts";

/** Why the payer sees an error in place of a page to pay at. */
export class PageRefusal extends Error {
  readonly code: Code;

  constructor(code: Code, detail?: string) {
    super(detail === undefined ? MESSAGES[code] : `${MESSAGES[code]}: ${detail}`);
    this.code = code;
  }
}

// Printable, and none of !'()*~: libraries disagree on how a form encodes those, so a signature over them may hold at
// one end only. VNPay asks for Vietnamese without diacritics and without special characters.
const WORDS = /^[\x20\x22-\x26\x2b-\x7d]{1,255}$/;

const REQUIRED: Readonly<Record<string, RegExp>> = {
  vnp_Version: /^2\.1\.0$/,
  vnp_Command: /^pay$/,
  vnp_Amount: /^[1-9]\d{0,8}00$/,
  vnp_CreateDate: /^\d{14}$/,
  vnp_CurrCode: /^VND$/,
  vnp_IpAddr: /^[\da-fA-F.:]{2,45}$/,
  vnp_Locale: /^(vn|en)$/,
  vnp_OrderInfo: WORDS,
  vnp_OrderType: /^\w{1,100}$/,
  vnp_ReturnUrl: /^https?:\/\/\S{1,247}$/,
  vnp_TxnRef: /^[\w.-]{1,100}$/,
};
const OPTIONAL: Readonly<Record<string, RegExp>> = {
  vnp_BankCode: /^[A-Za-z0-9]{3,20}$/,
  vnp_ExpireDate: /^\d{14}$/,
};

// VNPay takes from 5,000 VND to less than a billion.
const LEAST = 500_000;
// What a merchant gets who names no end.
const PAY_WITHIN_MS = 15 * 60 * 1_000;

/** The payer comes with a merchant's signed wish. The same wish again is the same payment. */
export const openPayment = (world: VnpayWorld, query: URLSearchParams): Payment => {
  const asked = fieldsOf(query);
  const { merchant } = world;
  if (merchant === undefined || asked["vnp_TmnCode"] !== merchant.terminalCode) throw new PageRefusal("72");
  if (!isSignedQuery(asked, merchant.hashSecret)) throw new PageRefusal("70");
  checkFormat(asked);
  const expiresAtMs = endOf(asked);
  if (world.now() >= expiresAtMs) throw new PageRefusal("15");
  const earlier = world.payments.get(asked["vnp_TxnRef"] ?? "");
  if (earlier !== undefined) return sameAgain(earlier, asked);
  const payment: Payment = {
    id: asked["vnp_TxnRef"] ?? "",
    amount: Number(asked["vnp_Amount"]),
    status: "pending",
    expiresAtMs,
    asked,
    attemptId: null,
  };
  world.payments.put(payment);
  return payment;
};

const fieldsOf = (query: URLSearchParams): Fields => {
  const fields: Record<string, string> = {};
  for (const [name, value] of query) {
    if (!name.startsWith("vnp_")) continue;
    if (Object.hasOwn(fields, name)) throw new PageRefusal("03", `${name} twice`);
    fields[name] = value;
  }
  return fields;
};

const checkFormat = (asked: Fields): void => {
  for (const [name, form] of Object.entries({ ...REQUIRED, ...OPTIONAL })) {
    const value = asked[name];
    if (value === undefined && Object.hasOwn(OPTIONAL, name)) continue;
    if (!form.test(value ?? "")) throw new PageRefusal("03", name);
  }
  if (Number(asked["vnp_Amount"]) < LEAST) throw new PageRefusal("03", "vnp_Amount is less than 5,000 VND");
};

const endOf = (asked: Fields): number => {
  const from = timeOf(asked["vnp_CreateDate"] ?? "");
  if (from === undefined) throw new PageRefusal("03", "vnp_CreateDate");
  const named = asked["vnp_ExpireDate"];
  if (named === undefined) return from + PAY_WITHIN_MS;
  const end = timeOf(named);
  if (end === undefined) throw new PageRefusal("03", "vnp_ExpireDate");
  return end;
};

const sameAgain = (earlier: Payment, asked: Fields): Payment => {
  const isPayable = earlier.status === "pending" || earlier.status === "failed";
  if (isPayable && earlier.asked["vnp_SecureHash"] === asked["vnp_SecureHash"]) return earlier;
  throw new PageRefusal("01");
};
