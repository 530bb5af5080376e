import { emit } from "../hooks/events.ts";
import { invalid } from "../wire/errors.ts";
import type { Call } from "../world.ts";
import { canceled } from "./cancel.ts";
import { intentOf } from "./intent-of.ts";
import type { Intent } from "./shapes.ts";

/** The card network lets a hold go that nobody captured in time: with Stripe after a week, here when told. */
export const expireHold = (call: Call): Intent => {
  const { world } = call;
  const intent = intentOf(world, call.id, call.params);
  const charge = world.charges.get(intent.latest_charge ?? "");
  if (intent.status !== "requires_capture" || charge === undefined) {
    throw invalid(`This PaymentIntent has a status of ${intent.status}, not requires_capture.`);
  }
  const expired = canceled(world, intent, "automatic");
  world.intents.put(expired);
  emit(call, "charge.expired", charge);
  emit(call, "payment_intent.canceled", expired);
  return expired;
};
