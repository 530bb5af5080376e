/** How we speak with Stripe, whoever of us does: as a gateway, and as the provider of payouts. */
import Stripe from "stripe";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import type { StripeSettings } from "#modules/_kit/settings.ts";

/** Stripe itself asks for 80 s; a step that waits longer than this is better retried under the same key. */
const TIMEOUT_MS = 20 * SECOND_MS;
/** Connections that hiccup are tried again by the package, with the same key. */
const NETWORK_RETRY_COUNT = 2;

export const stripeClient = ({ secretKey, endpoint }: StripeSettings): Stripe =>
  new Stripe(secretKey, {
    timeout: TIMEOUT_MS,
    maxNetworkRetries: NETWORK_RETRY_COUNT,
    telemetry: false,
    ...endpoint,
  });
