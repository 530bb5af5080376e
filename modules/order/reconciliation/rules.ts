/** How an object of the gateway's list and a row of ours go together: of values alone. */
import { equals } from "@shopnexus/contracts/kit/money";
import type { FindingKind } from "@shopnexus/contracts/order/payment";
import type { z } from "zod";
import type { GatewayObject } from "../charge/gateway/port.ts";
import type { ChargeRow, GiveBackRow } from "../charge/rows.ts";

export type PaymentObject = Extract<GatewayObject, { kind: "payment" }>;
export type RefundObject = Extract<GatewayObject, { kind: "refund" }>;
export type Kind = z.infer<typeof FindingKind>;

/** fine: both say the same; ask: the gateway is asked, as if its event had come; anything else is for a person. */
export type Pairing = "fine" | "ask" | Kind;

export const pairPayment = ({ ref, amount }: PaymentObject, row: ChargeRow | undefined): Pairing => {
  if (row === undefined) return amount.minor === 0 ? "fine" : "stranger";
  if (row.state === "settled") return pairSettled(ref, amount, row);
  if (amount.minor === 0) return "fine";
  if (row.state !== "voiding" && row.state !== "voided") return "ask";
  return row.paidRef === ref && row.returnedMinor === amount.minor ? "fine" : "ask";
};

const pairSettled = (ref: string, amount: PaymentObject["amount"], row: ChargeRow): Pairing => {
  if (row.gatewayRef !== ref) return amount.minor === 0 ? "fine" : "stranger";
  if (amount.minor === 0) return "charge_missing";
  return equals(amount, { minor: row.amountMinor, currency: row.currency }) ? "fine" : "amount_differs";
};

/** A refund is ours by its key: of money of an order that goes back, or of a payment that came for nothing. */
export const pairRefund = (
  { key, amount }: RefundObject,
  givenBack: GiveBackRow | undefined,
  voided: ChargeRow | undefined,
): Pairing | "mark" => {
  if (givenBack !== undefined) {
    if (givenBack.gatewayMinor !== amount.minor) return "refund_differs";
    return givenBack.state === "promised" ? "mark" : "fine";
  }
  const isReturn = key !== undefined && voided !== undefined && key.startsWith(`${voided.chargeId}/return/`);
  if (!isReturn) return "refund_stranger";
  // While it is being called off, its own repeat writes down what went back.
  if (voided.state === "voiding" || voided.returnedMinor === null) return "fine";
  return voided.returnedMinor === amount.minor ? "fine" : "refund_differs";
};

const SENTENCES: Readonly<Record<Kind, string>> = {
  stranger: "The gateway has a payment that is for none of our charges.",
  amount_differs: "The gateway received another amount than the one that was settled.",
  charge_missing: "A settled charge was not paid at the gateway.",
  refund_stranger: "The gateway gave money back, and nobody here asked for it.",
  refund_differs: "The gateway gave back another amount than ours says.",
  refund_missing: "Ours says that money went back, and the gateway has not given it.",
  dispute_unheard: "A bank asks for a payment back that is for none of our charges.",
};
export const sentenceOf = (kind: Kind): string => SENTENCES[kind];
