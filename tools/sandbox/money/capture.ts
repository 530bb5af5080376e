import { emit } from "../hooks/events.ts";
import { takenIn } from "../ledger/transactions.ts";
import { invalid, unexpectedState } from "../wire/errors.ts";
import type { Form } from "../wire/form.ts";
import { flag, integer, metadata, only } from "../wire/params.ts";
import type { Operation } from "../world.ts";
import { intentOf } from "./intent-of.ts";
import type { Intent } from "./shapes.ts";

const KNOWN = new Set([
  "amount_to_capture",
  "final_capture",
  "metadata",
  "statement_descriptor",
  "statement_descriptor_suffix",
]);

/** Takes the held money, all or a part, once. The rest of the hold is let go. */
export const captureIntent: Operation = (call) => {
  const { world } = call;
  only(call.params, KNOWN);
  const intent = intentOf(world, call.id, call.params);
  const amount = amountToCapture(intent, call.params);
  const hold = world.charges.get(intent.latest_charge ?? "");
  if (hold === undefined) throw new Error("an intent that can be captured has a charge");
  const captured: Intent = {
    ...intent,
    status: "succeeded",
    amount_received: amount,
    amount_capturable: 0,
    metadata: metadata(call.params, intent.metadata),
  };
  const charge = takenIn(world, hold, amount);
  world.charges.put(charge);
  world.intents.put(captured);
  emit(call, "charge.captured", charge);
  emit(call, "payment_intent.succeeded", captured);
  return captured;
};

const amountToCapture = (intent: Intent, params: Form): number => {
  if (intent.status !== "requires_capture") {
    throw unexpectedState(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      intent,
    );
  }
  if (params["final_capture"] !== undefined && !flag(params, "final_capture")) {
    // Stripe gives it to chosen accounts only.
    throw invalid("Your account is not eligible for multicapture.", { param: "final_capture" });
  }
  const amount = integer(params, "amount_to_capture", 1) ?? intent.amount_capturable;
  if (amount <= intent.amount_capturable) return amount;
  throw invalid(
    `The amount_to_capture is greater than the capturable amount (${intent.amount_capturable}).`,
    {
      code: "amount_too_large",
      param: "amount_to_capture",
    },
  );
};
