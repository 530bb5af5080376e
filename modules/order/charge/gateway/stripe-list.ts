/** Stripe's own lists of payments, refunds and disputes. */
import type Stripe from "stripe";
import { epochMs, SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { GatewayObject } from "./port.ts";
import { amountOf, toDispute } from "./stripe-report.ts";

const PAGE_SIZE = 100;

export const listObjects = async function* (stripe: Stripe, since: Date): AsyncIterable<GatewayObject> {
  const asked = { created: { gte: Math.floor(epochMs(since.toISOString()) / SECOND_MS) }, limit: PAGE_SIZE };
  for await (const intent of stripe.paymentIntents.list(asked)) {
    const amount = amountOf(intent.amount_received, intent.currency);
    const chargeId = intent.metadata["charge_id"];
    yield { kind: "payment", ref: intent.id, chargeId, amount, at: timeOf(intent) };
  }
  for await (const refund of stripe.refunds.list(asked)) {
    const { id, currency, payment_intent: payment, status } = refund;
    if (status === "failed" || status === "canceled") continue;
    const paymentRef = typeof payment === "string" ? payment : (payment?.id ?? "");
    const amount = amountOf(refund.amount, currency);
    const key = refund.metadata?.["key"];
    yield { kind: "refund", ref: id, paymentRef, key, amount, at: timeOf(refund) };
  }
  for await (const listed of stripe.disputes.list(asked)) {
    const dispute = toDispute(listed);
    if (dispute !== undefined) yield { kind: "dispute", ...dispute };
  }
};

const timeOf = ({ created }: { readonly created: number }): Date => new Date(created * SECOND_MS);
