/** Stripe, through its own package. Where its API is, is a setting; nothing here knows of any other place. */
import Stripe from "stripe";
import type { Money } from "@shopnexus/contracts/kit/money";
import type { StripeSettings } from "#modules/_kit/settings.ts";
import type { Gateway, GatewayReport, Opening } from "./port.ts";
import { stripeClient } from "./stripe-client.ts";
import { readEvent } from "./stripe-event.ts";
import { listObjects } from "./stripe-list.ts";
import { toDispute, toReport } from "./stripe-report.ts";

export const openStripe = (settings: StripeSettings): Gateway => {
  const { webhookSecret, capture: captures = "automatic" } = settings;
  const stripe = stripeClient(settings);
  return {
    open: (opening) => open(stripe, opening, captures),
    report: async (ref) => toReport(await stripe.paymentIntents.retrieve(ref)),
    capture: (ref, amount, key) => capture(stripe, { ref, amount, key }),
    cancel: (ref) => cancel(stripe, ref),
    refund: (ref, amount, key) => refund(stripe, { ref, amount, key }),
    dispute: (disputeRef) => dispute(stripe, disputeRef),
    event: (payload, signature) => readEvent(stripe, { payload, signature, webhookSecret }),
    list: (since) => listObjects(stripe, since),
  };
};

/** Too small, too large, or in a currency that the gateway does not know. */
const UNPAYABLE = new Set(["amount", "currency"]);

const open = async (
  stripe: Stripe,
  { chargeId, checkoutId, amount }: Opening,
  captures: "automatic" | "manual",
) => {
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount: amount.minor,
        currency: amount.currency.toLowerCase(),
        automatic_payment_methods: { enabled: true },
        metadata: { charge_id: chargeId, checkout_id: checkoutId },
        ...(captures === "manual" && { capture_method: "manual" }),
      },
      { idempotencyKey: chargeId },
    );
    return { ref: intent.id, clientSecret: intent.client_secret ?? "", redirectUrl: null };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && UNPAYABLE.has(error.param ?? "")) {
      return undefined;
    }
    throw error;
  }
};

type Asked = { readonly ref: string; readonly amount: Money; readonly key: string };

/** What cannot be captured was captured, or cancelled, or has expired: its report says which. */
const capture = async (stripe: Stripe, { ref, amount, key }: Asked): Promise<GatewayReport> => {
  try {
    const taken = { amount_to_capture: amount.minor };
    return toReport(await stripe.paymentIntents.capture(ref, taken, { idempotencyKey: key }));
  } catch (error) {
    return endedReport(stripe, { ref, error, statuses: ["succeeded", "canceled"] });
  }
};

/**
 * A payment that cannot be cancelled was paid, was cancelled before, or is still on its way (a bank debit): its report
 * says which. What arrives later is returned when the gateway tells of it.
 */
const cancel = async (stripe: Stripe, ref: string): Promise<GatewayReport> => {
  try {
    return toReport(await stripe.paymentIntents.cancel(ref));
  } catch (error) {
    return endedReport(stripe, { ref, error, statuses: ["succeeded", "canceled", "processing"] });
  }
};

type Refused = { readonly ref: string; readonly error: unknown; readonly statuses: readonly string[] };

const endedReport = async (stripe: Stripe, { ref, error, statuses }: Refused): Promise<GatewayReport> => {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
  const intent = await stripe.paymentIntents.retrieve(ref);
  if (!statuses.includes(intent.status)) throw error;
  return toReport(intent);
};

/**
 * Stripe knows an idempotency key for a day, and a payment has many refunds: each carries our key, so that a repeat
 * finds its own, however late it comes.
 */
const refund = async (stripe: Stripe, asked: Asked): Promise<"done" | "disputed"> => {
  const { ref, key } = asked;
  for await (const made of stripe.refunds.list({ payment_intent: ref, limit: 100 }))
    if (made.metadata?.["key"] === key) return "done";
  const answer = await askRefund(stripe, asked, key);
  if (answer === "done") return answer;
  // A refusal is remembered under its key, also when the bank has given in since: then it is asked under another.
  const { data } = await stripe.disputes.list({ payment_intent: ref, limit: 100 });
  const isBlocked = data.some(({ status }) => status !== "won" && !status.startsWith("warning_"));
  return isBlocked ? "disputed" : askRefund(stripe, asked, `${key}/${data.length}`);
};

const askRefund = async (
  stripe: Stripe,
  { ref, amount, key }: Asked,
  idempotencyKey: string,
): Promise<"done" | "disputed"> => {
  try {
    const refunded = { payment_intent: ref, amount: amount.minor, metadata: { key } };
    await stripe.refunds.create(refunded, { idempotencyKey });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if (error.code === "charge_disputed") return "disputed";
    if (error.code !== "charge_already_refunded") throw error;
  }
  return "done";
};

const dispute = async (stripe: Stripe, disputeRef: string) => {
  try {
    return toDispute(await stripe.disputes.retrieve(disputeRef));
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === "resource_missing")
      return undefined;
    throw error;
  }
};
