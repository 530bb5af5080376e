/** What Stripe's objects say, in the port's words. */
import type Stripe from "stripe";
import { type Money, money } from "@shopnexus/contracts/kit/money";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { GatewayDispute, GatewayReport } from "./port.ts";

/** Stripe writes currencies small. */
export const amountOf = (minor: number, currency: string): Money => money(minor, currency.toUpperCase());

export const toReport = (intent: Stripe.PaymentIntent): GatewayReport => {
  const { id, status, currency, last_payment_error: error } = intent;
  return {
    ref: id,
    chargeId: intent.metadata["charge_id"],
    paid: status === "succeeded" ? amountOf(intent.amount_received, currency) : undefined,
    authorized: status === "requires_capture" ? amountOf(intent.amount_capturable, currency) : undefined,
    remark: error?.decline_code ?? error?.code ?? undefined,
    isDead: status === "canceled",
    needsAction: status === "requires_action",
  };
};

const idOf = (reference: string | { readonly id: string } | null): string =>
  typeof reference === "string" ? reference : (reference?.id ?? "");

/** `warning_*` are questions of the bank's, before any money moves. */
export const toDispute = (dispute: Stripe.Dispute): GatewayDispute | undefined => {
  const { id, status, amount, currency, reason, created } = dispute;
  if (status.startsWith("warning_")) return undefined;
  return {
    disputeRef: id,
    ref: idOf(dispute.payment_intent),
    amount: amountOf(amount, currency),
    status: status === "won" ? "won" : status === "lost" ? "lost" : "open",
    reason,
    at: new Date(created * SECOND_MS),
  };
};
