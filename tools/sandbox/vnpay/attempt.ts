import { JsonRefusal } from "../wire/json.ts";
import type { Outcome, Payment, Transaction } from "./shapes.ts";
import { stampOf } from "./time.ts";
import type { VnpayWorld } from "./world.ts";

export type Choice = { outcome: Outcome; bankCode?: string | undefined };

// VNPay's numbers have eight digits.
const FIRST_NUMBER = 14_000_001;
// The payer turned away before a bank was asked.
const UNASKED = new Set<Outcome>(["11", "24"]);

/** The payer does something about a payment. One that failed may be tried again, one that is paid may not. */
export const attempt = (world: VnpayWorld, txnRef: string, { outcome, bankCode }: Choice): Transaction => {
  const payment = payable(world, txnRef, outcome);
  const isUnasked = UNASKED.has(outcome);
  const id = nextNumber(world);
  const transaction: Transaction = {
    id,
    number: isUnasked ? "0" : id,
    txnRef,
    type: "01",
    amount: payment.amount,
    responseCode: outcome,
    status: outcome === "00" || outcome === "07" ? outcome : "02",
    bankCode: bankCode ?? payment.asked["vnp_BankCode"] ?? (isUnasked ? "VNPAY" : "NCB"),
    cardType: isUnasked ? "QRCODE" : "ATM",
    orderInfo: payment.asked["vnp_OrderInfo"] ?? "",
    atStamp: stampOf(world.now()),
  };
  world.transactions.put(transaction);
  world.payments.put({ ...payment, status: statusAfter(outcome), attemptId: id });
  return transaction;
};

export const nextNumber = ({ transactions }: VnpayWorld): string =>
  String(FIRST_NUMBER + transactions.all().length);

const payable = (world: VnpayWorld, txnRef: string, outcome: Outcome): Payment => {
  const payment = world.payments.get(txnRef);
  if (payment === undefined) {
    throw new JsonRefusal(404, "unknown_payment", `No payer came to pay ${txnRef}: open its page first.`);
  }
  if (payment.status === "paid" || payment.status === "suspected") {
    throw new JsonRefusal(409, "already_paid", `${txnRef} is ${payment.status}.`);
  }
  if (outcome !== "11" && world.now() >= payment.expiresAtMs) {
    throw new JsonRefusal(409, "expired", `${txnRef} could be paid until ${stampOf(payment.expiresAtMs)}.`);
  }
  return payment;
};

const statusAfter = (outcome: Outcome): Payment["status"] => {
  if (outcome === "00") return "paid";
  return outcome === "07" ? "suspected" : "failed";
};
