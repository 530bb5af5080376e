/** The API of VNPay: signed both ways, and an answer that is not signed by VNPay is none. */
import { randomUUID } from "node:crypto";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { VnpaySettings } from "#modules/_kit/settings.ts";
import { areValuesSigned, type Fields, signValues } from "./vnpay-sign.ts";
import { stampOf } from "./vnpay-time.ts";

const TIMEOUT_MS = 20 * SECOND_MS;

const ASKED = {
  querydr: [
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
  refund: [
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
} as const;

const REFUND_ANSWERED = [
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
] as const;
const ANSWERED = {
  refund: REFUND_ANSWERED,
  querydr: [...REFUND_ANSWERED, "vnp_PromotionCode", "vnp_PromotionAmount"],
} as const;

export type Wish = {
  readonly ref: string;
  /** When the payment was made, as VNPay writes it. */
  readonly transactionDate: string;
  /** Names the wish where it must be done once; each question has a name of its own. */
  readonly requestId?: string;
  /** Of a refund: times a hundred, and whether it is all of it. */
  readonly amount?: string;
  readonly type?: string;
};

export const askVnpay = async (
  settings: VnpaySettings,
  command: keyof typeof ASKED,
  wish: Wish,
): Promise<Fields> => {
  const { hashSecret, apiUrl } = settings;
  const asked = fieldsOf(settings, command, wish);
  const response = await fetch(apiUrl, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ ...asked, vnp_SecureHash: signValues(asked, ASKED[command], hashSecret) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`VNPay's API is down: ${response.status}`);
  const answer = textsOf(await response.json());
  if (!areValuesSigned(answer, ANSWERED[command], hashSecret))
    throw new Error("What answered for VNPay is not VNPay: its signature is wrong.");
  return answer;
};

const fieldsOf = (
  { terminalCode }: VnpaySettings,
  command: keyof typeof ASKED,
  { ref, transactionDate, requestId, amount, type }: Wish,
): Fields => ({
  vnp_RequestId: requestId ?? randomUUID().replaceAll("-", ""),
  vnp_Version: "2.1.0",
  vnp_Command: command,
  vnp_TmnCode: terminalCode,
  vnp_TxnRef: ref,
  vnp_TransactionDate: transactionDate,
  vnp_TransactionNo: "0",
  vnp_CreateDate: stampOf(new Date()),
  vnp_IpAddr: "127.0.0.1",
  vnp_OrderInfo: `${command} ${ref}`,
  ...(amount !== undefined &&
    type !== undefined && { vnp_Amount: amount, vnp_TransactionType: type, vnp_CreateBy: "shop" }),
});

/** Some values come as numbers; they are signed as they read. */
const textsOf = (answer: unknown): Fields =>
  Object.fromEntries(
    Object.entries((answer ?? {}) as Record<string, unknown>).map(([name, value]) => [
      name,
      typeof value === "number" ? String(value) : typeof value === "string" ? value : "",
    ]),
  );
