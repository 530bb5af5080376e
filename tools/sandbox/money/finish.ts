import { invalid } from "../wire/errors.ts";
import type { Call } from "../world.ts";
import { intentOf } from "./intent-of.ts";
import { GENERIC, methodOf } from "./methods.ts";
import { decline, fail, settle } from "./settle.ts";
import type { Intent, Status } from "./shapes.ts";

const AUTHENTICATION_FAILED =
  "The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.";

/** Ends a challenge: the payer passed it or did not. */
export const authenticate = (call: Call, isSuccess: boolean): Intent => {
  const intent = waitingIn(call, "requires_action");
  if (isSuccess) return settle(call, intent, methodOf(intent.payment_method ?? ""));
  return fail(call, intent, {
    type: "invalid_request_error",
    code: "payment_intent_authentication_failure",
    message: AUTHENTICATION_FAILED,
  });
};

/** Ends a payment that was processing. */
export const finishProcessing = (call: Call, isSuccess: boolean): Intent => {
  const intent = waitingIn(call, "processing");
  const method = methodOf(intent.payment_method ?? "");
  if (isSuccess) return settle(call, intent, method);
  return decline(call, intent, { ...method, decline: GENERIC }).intent;
};

const waitingIn = (call: Call, status: Status): Intent => {
  const intent = intentOf(call.world, call.id, call.params);
  if (intent.status === status) return intent;
  throw invalid(`This PaymentIntent has a status of ${intent.status}, not ${status}.`);
};
