import type { Carried } from "../hooks/delivery.ts";
import type { Fields } from "./signature.ts";

/** What a merchant sent a payer to pay. Amounts are what travels: VND times 100. */
export type Payment = Readonly<{
  /** vnp_TxnRef. */
  id: string;
  amount: number;
  status: "pending" | "paid" | "failed" | "suspected";
  expiresAtMs: number;
  /** As it was signed. */
  asked: Fields;
  /** Of the latest attempt. */
  attemptId: string | null;
}>;

/** One attempt to pay, or one refund. */
export type Transaction = Readonly<{
  id: string;
  /** vnp_TransactionNo: 0 where no bank was asked. */
  number: string;
  txnRef: string;
  type: "01" | "02" | "03";
  amount: number;
  responseCode: string;
  status: string;
  bankCode: string;
  cardType: string;
  orderInfo: string;
  atStamp: string;
}>;

/** What VNPay tells the merchant, signed once and for all. */
export type Notice = Carried & Readonly<{ txnRef: string; query: string }>;

/** A request of the merchant API that will not be taken twice. */
export type Request = Readonly<{ id: string; atMs: number }>;

export const MESSAGES = {
  "00": "Success",
  "01": "Transaction is already exist",
  "02": "Invalid merchant (check vnp_TmnCode)",
  "03": "Invalid data format",
  "04": "A full refund is not allowed after a partial one",
  "15": "Payment time has run out",
  "70": "Invalid signature",
  "72": "Website not found",
  "91": "Transaction not found",
  "93": "Invalid amount: at most what was paid and not refunded",
  "94": "Duplicate request",
  "95": "Transaction is not successful at VNPAY",
  "97": "Invalid signature",
  "99": "Unknown error",
} as const;
export type Code = keyof typeof MESSAGES;

/** What a payer's bank may say; all but the first two are failures. */
export const OUTCOMES = [
  "00",
  "07",
  "09",
  "10",
  "11",
  "12",
  "13",
  "24",
  "51",
  "65",
  "75",
  "79",
  "99",
] as const;
export type Outcome = (typeof OUTCOMES)[number];
