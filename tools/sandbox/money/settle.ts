import { emit } from "../hooks/events.ts";
import { takenIn } from "../ledger/transactions.ts";
import { cardDeclined, type StripeRefusal } from "../wire/errors.ts";
import type { Call } from "../world.ts";
import { chargeShape } from "./charges.ts";
import { type Decline, type Method, methodObject } from "./methods.ts";
import { type Intent, seconds } from "./shapes.ts";

type Declining = Method & { decline: Decline };

/** The card network answers: money taken, held, or refused. */
export const settle = (call: Call, intent: Intent, method: Method): Intent => {
  if (isDeclining(method)) throw decline(call, intent, method).refusal;
  const { world } = call;
  const isHold = intent.capture_method === "manual";
  const captured = isHold ? 0 : intent.amount;
  const held = chargeShape(intent, method, seconds(world.now()));
  const charge = isHold ? held : takenIn(world, held, captured);
  const paid: Intent = {
    ...intent,
    status: isHold ? "requires_capture" : "succeeded",
    amount_capturable: intent.amount - captured,
    amount_received: captured,
    latest_charge: charge.id,
    next_action: null,
    processing: null,
  };
  world.charges.put(charge);
  world.intents.put(paid);
  emit(call, "charge.succeeded", charge);
  emit(call, isHold ? "payment_intent.amount_capturable_updated" : "payment_intent.succeeded", paid);
  return paid;
};

const isDeclining = (method: Method): method is Declining => method.decline !== null;

/** The charge that failed stays on record, and the intent waits for another method. */
export const decline = (
  call: Call,
  intent: Intent,
  method: Declining,
): { intent: Intent; refusal: StripeRefusal } => {
  const { code, declineCode, message } = method.decline;
  const charge = chargeShape(intent, method, seconds(call.world.now()));
  call.world.charges.put(charge);
  emit(call, "charge.failed", charge);
  const error = {
    code,
    decline_code: declineCode,
    message,
    charge: charge.id,
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`,
    payment_method: methodObject(method, charge.created),
  };
  const failed = fail(call, { ...intent, latest_charge: charge.id }, { type: "card_error", ...error });
  return { intent: failed, refusal: cardDeclined({ ...error, payment_intent: failed }) };
};

/** Back to the start, with the reason: the payer may try another method. */
export const fail = (call: Call, intent: Intent, error: object): Intent => {
  const failed: Intent = {
    ...intent,
    status: "requires_payment_method",
    last_payment_error: error as Intent["last_payment_error"],
    next_action: null,
    payment_method: null,
    processing: null,
  };
  call.world.intents.put(failed);
  emit(call, "payment_intent.payment_failed", failed);
  return failed;
};
