import { type Command, requestIdOf } from "./command.ts";
import type { Payment, Transaction } from "./shapes.ts";
import type { Fields } from "./signature.ts";
import type { VnpayWorld } from "./world.ts";

/** How a payment stands, or a refund where its number is named. */
export const query: Command = {
  asks: [
    "vnp_RequestId",
    "vnp_Version",
    "vnp_Command",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_TransactionDate",
    "vnp_CreateDate",
    "vnp_IpAddr",
    "vnp_OrderInfo",
  ],
  answers: [
    "vnp_ResponseId",
    "vnp_Command",
    "vnp_ResponseCode",
    "vnp_Message",
    "vnp_TmnCode",
    "vnp_TxnRef",
    "vnp_Amount",
    "vnp_BankCode",
    "vnp_PayDate",
    "vnp_TransactionNo",
    "vnp_TransactionType",
    "vnp_TransactionStatus",
    "vnp_OrderInfo",
    "vnp_PromotionCode",
    "vnp_PromotionAmount",
  ],
  run: (world, asked) => {
    world.requests.put({ id: requestIdOf(asked), atMs: world.now() });
    const payment = paymentOf(world, asked);
    if (payment === undefined) return "91";
    const number = asked["vnp_TransactionNo"] ?? "0";
    const named = number === "0" || number === "" ? payment.attemptId : number;
    const transaction = world.transactions.get(named ?? "");
    if (named === null) return pendingFields(payment);
    return transaction?.txnRef === payment.id ? transactionFields(transaction) : "91";
  },
};

/** A payment is named by its reference and the time the merchant made it. */
export const paymentOf = (world: VnpayWorld, asked: Fields): Payment | undefined => {
  const payment = world.payments.get(asked["vnp_TxnRef"] ?? "");
  return payment?.asked["vnp_CreateDate"] === asked["vnp_TransactionDate"] ? payment : undefined;
};

export const transactionFields = (transaction: Transaction): Fields => ({
  vnp_TxnRef: transaction.txnRef,
  vnp_Amount: String(transaction.amount),
  vnp_BankCode: transaction.bankCode,
  vnp_PayDate: transaction.atStamp,
  vnp_TransactionNo: transaction.number,
  vnp_TransactionType: transaction.type,
  vnp_TransactionStatus: transaction.status,
  vnp_OrderInfo: transaction.orderInfo,
});

/** The payer came and has not paid yet. */
const pendingFields = (payment: Payment): Fields => ({
  vnp_TxnRef: payment.id,
  vnp_Amount: String(payment.amount),
  vnp_BankCode: payment.asked["vnp_BankCode"] ?? "",
  vnp_PayDate: "",
  vnp_TransactionNo: "0",
  vnp_TransactionType: "01",
  vnp_TransactionStatus: "01",
  vnp_OrderInfo: payment.asked["vnp_OrderInfo"] ?? "",
});
