/** The gateways that this deployment has keys for. */
import type { Settings } from "#modules/_kit/settings.ts";
import type { Gateway } from "./port.ts";
import { openStripe } from "./stripe.ts";

const opened = new WeakMap<Settings, Map<string, Gateway>>();

/** The gateway by that name; a missing key is our fault and not the buyer's. */
export const gatewayOf = (settings: Settings, name: string): Gateway => {
  const gateways = opened.get(settings) ?? new Map<string, Gateway>();
  opened.set(settings, gateways);
  const known = gateways.get(name);
  if (known !== undefined) return known;
  if (name !== "stripe") throw new Error(`There are no keys for the gateway ${name}.`);
  if (settings.stripe === undefined)
    throw new Error("STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET are not set.");
  const gateway = openStripe(settings.stripe);
  gateways.set(name, gateway);
  return gateway;
};
