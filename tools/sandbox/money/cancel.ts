import { emit } from "../hooks/events.ts";
import { unexpectedState } from "../wire/errors.ts";
import { choice, only } from "../wire/params.ts";
import type { Operation, World } from "../world.ts";
import { intentOf } from "./intent-of.ts";
import { type Intent, seconds, type Status } from "./shapes.ts";

const KNOWN = new Set(["cancellation_reason"]);
const REASONS = ["abandoned", "duplicate", "fraudulent", "requested_by_customer"] as const;
const CANCELABLE: readonly Status[] = [
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
];

export const cancelIntent: Operation = (call) => {
  const { world } = call;
  only(call.params, KNOWN);
  const intent = intentOf(world, call.id, call.params);
  const reason = choice(call.params, "cancellation_reason", REASONS) ?? null;
  if (!CANCELABLE.includes(intent.status)) {
    throw unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELABLE.join(", ")}.`,
      intent,
    );
  }
  const after = canceled(world, intent, reason);
  world.intents.put(after);
  emit(call, "payment_intent.canceled", after);
  return after;
};

/** The intent as it is once nothing can be taken any more. */
export const canceled = (world: World, intent: Intent, reason: Intent["cancellation_reason"]): Intent => ({
  ...intent,
  status: "canceled",
  amount_capturable: 0,
  canceled_at: seconds(world.now()),
  cancellation_reason: reason,
  next_action: null,
  processing: null,
});
