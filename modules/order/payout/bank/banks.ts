/** The payout provider that this deployment has keys for. */
import type { Settings } from "#modules/_kit/settings.ts";
import type { Payouts } from "./port.ts";
import { openStripePayouts } from "./stripe.ts";

/** Names the ledger's account for what went out: `bank:stripe`. */
export const PROVIDER = "stripe";

const opened = new WeakMap<Settings, Payouts>();

/** A missing key is our fault and not the seller's. */
export const payoutsOf = (settings: Settings): Payouts => {
  const known = opened.get(settings);
  if (known !== undefined) return known;
  if (settings.stripe === undefined)
    throw new Error("STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are not set.");
  const payouts = openStripePayouts(settings.stripe);
  opened.set(settings, payouts);
  return payouts;
};
