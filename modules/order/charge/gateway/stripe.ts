/** Stripe, through its own package. Where its API is, is a setting; nothing here knows of any other place. */
import Stripe from "stripe";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";
import { money } from "@shopnexus/contracts/kit/money";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { StripeSettings } from "#modules/_kit/settings.ts";
import type { Gateway, GatewayReport } from "./port.ts";

/** Stripe itself asks for 80 s; a step that waits longer than this is better retried under the same key. */
const TIMEOUT_MS = 20 * SECOND_MS;
/** Connections that hiccup are tried again by the package, with the same key. */
const NETWORK_RETRY_COUNT = 2;

export const openStripe = ({ secretKey, webhookSecret, endpoint }: StripeSettings): Gateway => {
  const stripe = new Stripe(secretKey, {
    timeout: TIMEOUT_MS,
    maxNetworkRetries: NETWORK_RETRY_COUNT,
    telemetry: false,
    ...endpoint,
  });
  return {
    open: (order) => open(stripe, order),
    report: async (ref) => toReport(await stripe.paymentIntents.retrieve(ref)),
    cancel: (ref) => cancel(stripe, ref),
    refund: (ref, amount, key) => refund(stripe, { payment_intent: ref, amount: amount.minor }, key),
    event: (payload, signature) => readEvent(stripe, { payload, signature, webhookSecret }),
  };
};

/** Too small, too large, or in a currency that the gateway does not know. */
const UNPAYABLE = new Set(["amount", "currency"]);

const open = async (stripe: Stripe, { chargeId, checkoutId, amount }: ChargeOrder) => {
  try {
    const intent = await stripe.paymentIntents.create(
      {
        amount: amount.minor,
        currency: amount.currency.toLowerCase(),
        automatic_payment_methods: { enabled: true },
        metadata: { charge_id: chargeId, checkout_id: checkoutId },
      },
      { idempotencyKey: chargeId },
    );
    return { ref: intent.id, clientSecret: intent.client_secret ?? "" };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && UNPAYABLE.has(error.param ?? "")) {
      return undefined;
    }
    throw error;
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
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    const intent = await stripe.paymentIntents.retrieve(ref);
    if (!["succeeded", "canceled", "processing"].includes(intent.status)) throw error;
    return toReport(intent);
  }
};

/** Stripe knows a key for a day; what was given back before that cannot be given back again, and need not be. */
const refund = async (
  stripe: Stripe,
  refunded: Stripe.RefundCreateParams,
  key: string,
): Promise<"done" | "disputed"> => {
  try {
    await stripe.refunds.create(refunded, { idempotencyKey: key });
  } catch (error) {
    if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) throw error;
    if (error.code === "charge_disputed") return "disputed";
    if (error.code !== "charge_already_refunded") throw error;
  }
  return "done";
};

const toReport = (intent: Stripe.PaymentIntent): GatewayReport => ({
  ref: intent.id,
  chargeId: intent.metadata["charge_id"],
  paid:
    intent.status === "succeeded" ? money(intent.amount_received, intent.currency.toUpperCase()) : undefined,
  remark: intent.last_payment_error?.decline_code ?? intent.last_payment_error?.code ?? undefined,
});

type SignedEvent = { payload: string; signature: string; webhookSecret: string };

const readEvent = (stripe: Stripe, { payload, signature, webhookSecret }: SignedEvent) => {
  const event = verified(stripe, { payload, signature, webhookSecret });
  if (event === undefined) return undefined;
  const subject = event.data.object;
  const report = subject.object === "payment_intent" ? toReport(subject) : undefined;
  return { eventId: event.id, kind: event.type, report };
};

const verified = (
  stripe: Stripe,
  { payload, signature, webhookSecret }: SignedEvent,
): Stripe.Event | undefined => {
  // An empty secret would verify what anybody signed with nothing.
  if (webhookSecret === "") return undefined;
  try {
    return stripe.webhooks.constructEvent(payload, signature, webhookSecret);
  } catch {
    return undefined;
  }
};
