/** Stripe's events: only what is signed with our secret, not long ago, is one. */
import type Stripe from "stripe";
import type { GatewayEvent } from "./port.ts";
import { toDispute, toReport } from "./stripe-report.ts";

type SignedEvent = {
  readonly payload: string;
  readonly signature: string;
  readonly webhookSecret: string;
};

export const readEvent = (stripe: Stripe, signed: SignedEvent): GatewayEvent | undefined => {
  const event = verified(stripe, signed);
  if (event === undefined) return undefined;
  const subject = event.data.object;
  const report = subject.object === "payment_intent" ? toReport(subject) : undefined;
  const dispute = subject.object === "dispute" ? toDispute(subject) : undefined;
  const payoutId = subject.object === "transfer" ? subject.metadata["payout_id"] : undefined;
  return {
    eventId: event.id,
    kind: event.type,
    report,
    ...(dispute && { dispute }),
    ...(payoutId !== undefined && { payoutId }),
  };
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
