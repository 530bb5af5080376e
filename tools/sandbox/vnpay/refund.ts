import { type Command, requestIdOf } from "./command.ts";
import { nextNumber } from "./attempt.ts";
import { paymentOf, query, transactionFields } from "./query.ts";
import type { Code, Payment, Transaction } from "./shapes.ts";
import type { Fields } from "./signature.ts";
import { stampOf } from "./time.ts";
import type { VnpayWorld } from "./world.ts";

const FULL = "02";
const PART = "03";
// VNPay has the wish and will take it to the bank.
const UNDER_WAY = "05";

/** Gives money back, all of it or a part; together never more than was paid. */
export const refund: Command = {
  asks: [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TransactionType",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_TransactionNo",
    "vnp_TransactionDate",
    "vnp_CreateBy",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
  ],
  answers: query.answers.filter((name) => !name.startsWith("vnp_Promotion")),
  run: (world, asked) => {
    const payment = paymentOf(world, asked);
    if (payment === undefined) return "91";
    if (payment.status !== "paid") return "95";
    const paying = world.transactions.get(payment.attemptId ?? "");
    const number = asked["vnp_TransactionNo"] ?? "";
    if (number !== "" && number !== "0" && number !== paying?.number) return "91";
    const code = unfit(world, payment, asked);
    if (code !== undefined) return code;
    const transaction = refundOf(world, asked, paying?.bankCode ?? "");
    // Only what was taken makes a repeat a duplicate: a wish that was refused may come again.
    world.requests.put({ id: requestIdOf(asked), atMs: world.now() });
    world.transactions.put(transaction);
    return transactionFields(transaction);
  },
};

/** What of a payment went back already. */
export const refundedOf = ({ transactions }: VnpayWorld, txnRef: string): number =>
  transactions
    .all()
    .filter((item) => item.txnRef === txnRef && item.type !== "01")
    .reduce((sum, { amount }) => sum + amount, 0);

const unfit = (world: VnpayWorld, payment: Payment, asked: Fields): Code | undefined => {
  const amount = asked["vnp_Amount"] ?? "";
  const type = asked["vnp_TransactionType"];
  if (!/^[1-9]\d{0,9}00$/.test(amount) || (type !== FULL && type !== PART)) return "03";
  const refunded = refundedOf(world, payment.id);
  if (Number(amount) > payment.amount - refunded) return type === FULL && refunded > 0 ? "04" : "93";
  if (type === FULL && Number(amount) !== payment.amount) return "93";
  return undefined;
};

const refundOf = (world: VnpayWorld, asked: Fields, bankCode: string): Transaction => {
  const number = nextNumber(world);
  return {
    id: number,
    number,
    txnRef: asked["vnp_TxnRef"] ?? "",
    type: asked["vnp_TransactionType"] === FULL ? FULL : PART,
    amount: Number(asked["vnp_Amount"]),
    responseCode: "00",
    status: UNDER_WAY,
    bankCode,
    cardType: "ATM",
    orderInfo: asked["vnp_OrderInfo"] ?? "",
    atStamp: stampOf(world.now()),
  };
};
