import { emit } from "../hooks/events.ts";
import { unexpectedState } from "../wire/errors.ts";
import { choice, only, text } from "../wire/params.ts";
import type { Call, Operation } from "../world.ts";
import { intentOf } from "./intent-of.ts";
import { methodOf, UNAUTHENTICATED } from "./methods.ts";
import { settle } from "./settle.ts";
import { CAPTURE_METHODS } from "./terms.ts";
import type { Intent, Status } from "./shapes.ts";

const KNOWN = new Set([
  "payment_method",
  "return_url",
  "capture_method",
  "off_session",
  "use_stripe_sdk",
  "payment_method_options",
  "receipt_email",
  "setup_future_usage",
  "shipping",
  "mandate_data",
]);
const CONFIRMABLE: readonly Status[] = [
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
];

export const confirmIntent: Operation = (call) => {
  only(call.params, KNOWN);
  const intent = intentOf(call.world, call.id, call.params);
  if (intent.status === "succeeded" || intent.status === "requires_capture") {
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it has already succeeded after being previously confirmed.",
      intent,
    );
  }
  if (!CONFIRMABLE.includes(intent.status)) {
    throw unexpectedState(
      `You cannot confirm this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be confirmed: ${CONFIRMABLE.join(", ")}.`,
      intent,
    );
  }
  return attempt(call, intent);
};

/** Tries the payment method of the request, or the one the intent has. */
export const attempt = (call: Call, before: Intent): Intent => {
  const id = text(call.params, "payment_method") ?? before.payment_method;
  if (id === null) {
    throw unexpectedState(
      "You cannot confirm this PaymentIntent because it's missing a payment method. Update the PaymentIntent with a payment method and confirm it again, or confirm it with one.",
      before,
    );
  }
  const method = methodOf(id);
  const intent: Intent = {
    ...before,
    capture_method: choice(call.params, "capture_method", CAPTURE_METHODS) ?? before.capture_method,
    payment_method: method.id,
    last_payment_error: null,
    next_action: null,
  };
  if (method.isChallenged && isOffSession(call))
    return settle(call, intent, { ...method, decline: UNAUTHENTICATED });
  if (method.isChallenged) return challenge(call, intent);
  if (method.isSlow) return startProcessing(call, intent);
  return settle(call, intent, method);
};

const isOffSession = ({ params }: Call): boolean => (text(params, "off_session") ?? "false") !== "false";

const challenge = (call: Call, intent: Intent): Intent => {
  const url = `${call.world.url}/sandbox/intents/${intent.id}/authenticate`;
  const asked: Intent = {
    ...intent,
    status: "requires_action",
    next_action: {
      type: "redirect_to_url",
      redirect_to_url: { return_url: text(call.params, "return_url") ?? null, url },
    },
  };
  call.world.intents.put(asked);
  emit(call, "payment_intent.requires_action", asked);
  return asked;
};

const startProcessing = (call: Call, intent: Intent): Intent => {
  const started: Intent = { ...intent, status: "processing" };
  call.world.intents.put(started);
  emit(call, "payment_intent.processing", started);
  return started;
};
