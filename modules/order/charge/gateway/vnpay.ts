/** VNPay 2.1.0: the buyer pays on its page, it calls us (IPN), and its API is asked for everything else. */
import { type Money, money } from "@shopnexus/contracts/kit/money";
import { sha256 } from "#modules/_kit/derive.ts";
import type { VnpaySettings } from "#modules/_kit/settings.ts";
import type { Gateway, GatewayReport, Opening } from "./port.ts";
import { askVnpay } from "./vnpay-api.ts";
import { readQuery, signQuery } from "./vnpay-sign.ts";
import { chargeIn, referenceOf, stampIn, stampOf } from "./vnpay-time.ts";

/** Amounts travel times a hundred, though a dong has no decimals. */
const HUNDREDTHS = 100;
const CURRENCY = "VND";
/** What VNPay takes: from 5,000 dong to less than a billion. */
const LEAST_MINOR = 5_000;
const MOST_MINOR = 999_999_999;
/** The buyer's own address does not travel through the workflow; VNPay wants one, and looks at it only in disputes. */
const IP_ADDRESS = "127.0.0.1";

export const openVnpay = (settings: VnpaySettings): Gateway => ({
  open: async (opening) => (isPayable(opening.amount) ? payableOf(settings, opening) : undefined),
  report: (ref) => report(settings, ref),
  // It takes the money at once, or not at all.
  capture: (ref) => report(settings, ref),
  // It has no cancellation: the page ends by itself, and what is paid before that is given back when VNPay tells of it.
  cancel: (ref) => report(settings, ref),
  refund: (ref, amount, key) => refund(settings, { ref, amount, key }),
  // Its banks settle with the buyer before VNPay pays out: it knows no disputes.
  dispute: async () => undefined,
  event: (payload) => readNotice(settings, payload),
  list: () => undefined,
});

const isPayable = ({ minor, currency }: Money): boolean =>
  currency === CURRENCY && minor >= LEAST_MINOR && minor <= MOST_MINOR;

const payableOf = (
  { terminalCode, hashSecret, payUrl, returnUrl }: VnpaySettings,
  { chargeId, amount, openedAt, endsAt }: Opening,
) => {
  const ref = referenceOf(chargeId, openedAt);
  const query = signQuery(
    {
      vnp_Version: "2.1.0",
      vnp_Command: "pay",
      vnp_TmnCode: terminalCode,
      vnp_Amount: String(amount.minor * HUNDREDTHS),
      vnp_CreateDate: stampOf(openedAt),
      vnp_ExpireDate: stampOf(endsAt),
      vnp_CurrCode: CURRENCY,
      vnp_IpAddr: IP_ADDRESS,
      vnp_Locale: "vn",
      vnp_OrderInfo: `Thanh toan ${ref}`,
      vnp_OrderType: "other",
      vnp_ReturnUrl: returnUrl,
      vnp_TxnRef: ref,
    },
    hashSecret,
  );
  return { ref, clientSecret: null, redirectUrl: `${payUrl}?${query}` };
};

type Told = {
  readonly ref: string;
  /** 00 paid, 01 not yet, 02 failed; 07 is debited but suspect: neither, until VNPay has decided. */
  readonly status: string;
  readonly amount?: string | undefined;
  /** Why not: its calls say so, its API does not. */
  readonly remark?: string | undefined;
};

const toReport = ({ ref, status, amount, remark }: Told): GatewayReport => ({
  ref,
  chargeId: chargeIn(ref),
  paid: status === "00" ? amountIn(amount) : undefined,
  authorized: undefined,
  remark: status === "00" || status === "01" ? undefined : remark,
  isDead: status === "02",
  needsAction: false,
});

/** Signed by VNPay, but no whole number of dong: it matches nothing that we asked for. */
const amountIn = (amount: string | undefined): Money =>
  money(/^[0-9]{1,14}00$/.test(amount ?? "") ? Number(amount) / HUNDREDTHS : 0, CURRENCY);

/** An address that nobody ever opened is unknown to VNPay: not yet paid. */
const NOT_FOUND = "91";
const PAYMENT = "01";
const FULL_REFUND = "02";
const PART_REFUND = "03";

const report = async (settings: VnpaySettings, ref: string): Promise<GatewayReport> => {
  const answer = await askVnpay(settings, "querydr", { ref, transactionDate: stampIn(ref) });
  const { vnp_ResponseCode: code = "", vnp_TransactionType: type = PAYMENT, vnp_Amount: amount } = answer;
  if (code === NOT_FOUND) return toReport({ ref, status: "01" });
  if (code !== "00") throw new Error(`VNPay answers ${code}: ${answer["vnp_Message"] ?? ""}`);
  // Once all of it went back, the API tells of that, and not of the payment that came before.
  const status = type === FULL_REFUND ? "00" : (answer["vnp_TransactionStatus"] ?? "");
  return toReport({ ref, status, amount });
};

/** Taken, or the same wish once more. */
const HAS_IT = new Set(["00", "94"]);

/** VNPay knows a wish by its id for the day; together its refunds are never more than was paid. */
const refund = async (
  settings: VnpaySettings,
  { ref, amount, key }: { ref: string; amount: Money; key: string },
): Promise<"done"> => {
  const { paid } = await report(settings, ref);
  const answer = await askVnpay(settings, "refund", {
    ref,
    transactionDate: stampIn(ref),
    requestId: sha256(key).slice(0, 32),
    amount: String(amount.minor * HUNDREDTHS),
    type: paid?.minor === amount.minor ? FULL_REFUND : PART_REFUND,
  });
  const code = answer["vnp_ResponseCode"] ?? "";
  if (!HAS_IT.has(code)) throw new Error(`VNPay answers ${code}: ${answer["vnp_Message"] ?? ""}`);
  return "done";
};

/** A call says with its own code how the payment ended, and never that it has not. Calls have no ids: the signature is one. */
const readNotice = ({ hashSecret, terminalCode }: VnpaySettings, payload: string) => {
  const fields = readQuery(payload, hashSecret);
  if (fields === undefined || fields["vnp_TmnCode"] !== terminalCode) return undefined;
  const { vnp_SecureHash: hash = "", vnp_TxnRef: ref = "", vnp_ResponseCode: code = "" } = fields;
  const status = code === "00" ? (fields["vnp_TransactionStatus"] ?? "") : code === SUSPECT ? SUSPECT : "02";
  const report = toReport({ ref, status, amount: fields["vnp_Amount"], remark: code });
  const amount = amountIn(fields["vnp_Amount"]);
  return { eventId: sha256(hash.toLowerCase()), kind: `ipn.${code}`, report, amount };
};
const SUSPECT = "07";
