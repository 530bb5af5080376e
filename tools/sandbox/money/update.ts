import { unexpectedState } from "../wire/errors.ts";
import type { Form } from "../wire/form.ts";
import { metadata, only, text } from "../wire/params.ts";
import type { Operation } from "../world.ts";
import { intentOf } from "./intent-of.ts";
import { methodOf } from "./methods.ts";
import type { Intent, Status } from "./shapes.ts";
import { amountOf, currencyOf, textsOf } from "./terms.ts";

const KNOWN = new Set([
  "amount",
  "currency",
  "customer",
  "description",
  "metadata",
  "payment_method",
  "payment_method_options",
  "payment_method_types",
  "receipt_email",
  "setup_future_usage",
  "shipping",
  "statement_descriptor",
  "statement_descriptor_suffix",
  "transfer_group",
]);
const AMOUNT_OPEN: readonly Status[] = [
  "requires_payment_method",
  "requires_confirmation",
  "requires_action",
];

export const updateIntent: Operation = ({ world, id, params }) => {
  only(params, KNOWN);
  const intent = intentOf(world, id, params);
  const changed = {
    ...intent,
    ...textsOf(params),
    metadata: metadata(params, intent.metadata),
    ...newTerms(intent, params),
  };
  world.intents.put(changed);
  return changed;
};

/** Amount, currency and method, which only an intent that is not paid yet can change. */
const newTerms = (intent: Intent, params: Form): Partial<Intent> => {
  const method = text(params, "payment_method");
  const currency = currencyOf(text(params, "currency") ?? intent.currency);
  const amount = amountOf(params, currency) ?? intent.amount;
  const isSame = amount === intent.amount && currency === intent.currency && method === undefined;
  if (isSame) return {};
  if (!AMOUNT_OPEN.includes(intent.status)) {
    throw unexpectedState(
      `This PaymentIntent's amount could not be updated because it has a status of ${intent.status}. You may only update the amount of a PaymentIntent with one of the following statuses: ${AMOUNT_OPEN.join(", ")}.`,
      intent,
    );
  }
  if (method === undefined) return { amount, currency };
  return {
    amount,
    currency,
    payment_method: methodOf(method).id,
    status: "requires_confirmation",
    next_action: null,
  };
};
