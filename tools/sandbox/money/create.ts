import { emit } from "../hooks/events.ts";
import { choice, flag, metadata, only, required, text } from "../wire/params.ts";
import type { Call, Operation } from "../world.ts";
import { attempt } from "./confirm.ts";
import { methodOf } from "./methods.ts";
import { type Intent, intentShape, newId, seconds } from "./shapes.ts";
import { amountOf, CAPTURE_METHODS, currencyOf, textsOf } from "./terms.ts";

const KNOWN = new Set([
  "amount",
  "automatic_payment_methods",
  "capture_method",
  "confirm",
  "confirmation_method",
  "currency",
  "customer",
  "description",
  "metadata",
  "off_session",
  "payment_method",
  "payment_method_options",
  "payment_method_types",
  "receipt_email",
  "return_url",
  "setup_future_usage",
  "shipping",
  "statement_descriptor",
  "statement_descriptor_suffix",
  "transfer_group",
  "use_stripe_sdk",
]);

export const createIntent: Operation = (call) => {
  only(call.params, KNOWN);
  const isConfirmed = flag(call.params, "confirm");
  const intent = draft(call);
  call.world.intents.put(intent);
  emit(call, "payment_intent.created", intent);
  return isConfirmed ? attempt(call, intent) : intent;
};

const draft = ({ world, params }: Call): Intent => {
  const currency = currencyOf(required(params, "currency"));
  required(params, "amount");
  const method = text(params, "payment_method");
  const automatic = params["automatic_payment_methods"];
  return intentShape({
    id: newId("pi"),
    amount: amountOf(params, currency) ?? 0,
    currency,
    created: seconds(world.now()),
    capture_method: choice(params, "capture_method", CAPTURE_METHODS) ?? "automatic",
    metadata: metadata(params),
    payment_method: method === undefined ? null : methodOf(method).id,
    automatic_payment_methods: automatic === undefined ? null : { allow_redirects: "always", enabled: true },
    ...textsOf(params),
  });
};
