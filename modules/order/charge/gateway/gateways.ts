/** The gateways that this deployment has keys for. */
import type { Settings } from "#modules/_kit/settings.ts";
import type { Gateway } from "./port.ts";
import { openStripe } from "./stripe.ts";
import { openVnpay } from "./vnpay.ts";

const opened = new WeakMap<Settings, Map<string, Gateway>>();

/** Each gateway as its settings say, where there are any. */
const OPENERS: Readonly<Record<string, (settings: Settings) => Gateway | undefined>> = {
  stripe: ({ stripe }) => stripe && openStripe(stripe),
  vnpay: ({ vnpay }) => vnpay && openVnpay(vnpay),
};

/** The gateway by that name; undefined where this shop has no keys for it. */
export const findGateway = (settings: Settings, name: string): Gateway | undefined => {
  const gateways = opened.get(settings) ?? new Map<string, Gateway>();
  opened.set(settings, gateways);
  const known = gateways.get(name) ?? OPENERS[name]?.(settings);
  if (known !== undefined) gateways.set(name, known);
  return known;
};

/** The gateway of a payment that is there: a missing key is our fault and not the buyer's. */
export const gatewayOf = (settings: Settings, name: string): Gateway => {
  const known = findGateway(settings, name);
  if (known === undefined) throw new Error(`There are no keys for the gateway ${name}.`);
  return known;
};
