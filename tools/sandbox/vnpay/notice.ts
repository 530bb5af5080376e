import { newId } from "../money/shapes.ts";
import { FORGED } from "./notifier.ts";
import type { Notice, Payment, Transaction } from "./shapes.ts";
import { canonical, type Fields, signedQuery } from "./signature.ts";
import type { VnpayWorld } from "./world.ts";

export type Telling = {
  /** Changed on the way, after VNPay signed: a forgery, and brought once. */
  tamper?: Record<string, string> | undefined;
  /** With `tamper`: VNPay itself says so and signs it. */
  resign?: boolean | undefined;
  /** Copies; with it, or with `lateMs`, no weather touches the notice. */
  times?: number | undefined;
  lateMs?: number | undefined;
};

/** What is told of an attempt, to the merchant and in the payer's browser alike. */
export const outcomeFields = (world: VnpayWorld, payment: Payment, transaction: Transaction): Fields => ({
  vnp_Amount: String(payment.amount),
  vnp_BankCode: transaction.bankCode,
  ...(transaction.responseCode === "00" && { vnp_BankTranNo: `VNP${transaction.number}` }),
  vnp_CardType: transaction.cardType,
  vnp_OrderInfo: transaction.orderInfo,
  vnp_PayDate: transaction.atStamp,
  vnp_ResponseCode: transaction.responseCode,
  vnp_TmnCode: world.merchant?.terminalCode ?? "",
  vnp_TransactionNo: transaction.number,
  vnp_TransactionStatus: transaction.status,
  vnp_TxnRef: payment.id,
});

/** Sends the merchant what happened, true or not. */
export const notify = (world: VnpayWorld, fields: Fields, telling: Telling = {}): Notice => {
  const secret = world.merchant?.hashSecret ?? "";
  const { tamper, resign = false, times, lateMs } = telling;
  const notice: Notice = {
    id: newId("ipn"),
    type: tamper !== undefined && !resign ? FORGED : "ipn",
    txnRef: fields["vnp_TxnRef"] ?? "",
    query:
      resign || tamper === undefined
        ? signedQuery({ ...fields, ...tamper }, secret)
        : forged(fields, tamper, secret),
  };
  world.notices.put(notice);
  if (!world.notifier.isAimedAt(notice.type)) return notice;
  if (times === undefined && lateMs === undefined) world.notifier.publish(notice);
  else world.notifier.replay(notice, times ?? 1, lateMs);
  return notice;
};

/** Other fields under the signature of the true ones. */
const forged = (fields: Fields, tamper: Fields, secret: string): string => {
  const signature = signedQuery(fields, secret).split("vnp_SecureHash=")[1] ?? "";
  return `${canonical({ ...fields, ...tamper })}&vnp_SecureHash=${tamper["vnp_SecureHash"] ?? signature}`;
};
