import { blockingDispute } from "../disputes/open.ts";
import { emit } from "../hooks/events.ts";
import { enter } from "../ledger/transactions.ts";
import { refused, unknownObject } from "../wire/errors.ts";
import type { Form } from "../wire/form.ts";
import { choice, integer, metadata, only, required, text } from "../wire/params.ts";
import type { Operation, World } from "../world.ts";
import { type Charge, newId, type Refund, refundShape, seconds } from "./shapes.ts";

const CREATE = new Set([
  "amount",
  "charge",
  "payment_intent",
  "reason",
  "metadata",
  "instructions_email",
  "reverse_transfer",
  "refund_application_fee",
]);
const REASONS = ["duplicate", "fraudulent", "requested_by_customer"] as const;

export const createRefund: Operation = (call) => {
  const { world } = call;
  only(call.params, CREATE);
  const charge = chargeToRefund(world, call.params);
  const refund = refundOf(world, call.params, charge);
  const amountRefunded = charge.amount_refunded + refund.amount;
  const after: Charge = {
    ...charge,
    amount_refunded: amountRefunded,
    refunded: amountRefunded === charge.amount_captured,
  };
  world.refunds.put(refund);
  world.charges.put(after);
  emit(call, "refund.created", refund);
  emit(call, "charge.refunded", after);
  return refund;
};

export const retrieveRefund: Operation = ({ world, id }) => {
  const refund = world.refunds.get(id);
  if (refund === undefined) throw unknownObject("refund", id, { param: "id" });
  return refund;
};

const refundOf = (world: World, params: Form, charge: Charge): Refund => {
  const { currency } = charge;
  const id = newId("re");
  const asked = {
    id,
    amount: amountToRefund(world, params, charge),
    charge: charge.id,
    created: seconds(world.now()),
    currency,
    metadata: metadata(params),
    payment_intent: charge.payment_intent,
    reason: choice(params, "reason", REASONS) ?? null,
  };
  // From here on nothing refuses.
  const { id: moved } = enter(world, { type: "refund", amount: -asked.amount, currency, source: id });
  return refundShape({ ...asked, balance_transaction: moved });
};

const amountToRefund = (world: World, params: Form, charge: Charge): number => {
  const left = charge.amount_captured - charge.amount_refunded;
  const amount = integer(params, "amount", 1) ?? left;
  if (blockingDispute(world, charge) !== undefined) {
    throw refused(`Charge ${charge.id} has been charged back; cannot issue a refund.`, {
      code: "charge_disputed",
    });
  }
  if (left === 0) {
    throw refused(`Charge ${charge.id} has already been refunded.`, { code: "charge_already_refunded" });
  }
  if (amount <= left) return amount;
  // Stripe sends no code with this one: callers know it by its param.
  throw refused(
    `Refund amount (${amount} ${charge.currency}) is greater than unrefunded amount on charge (${left} ${charge.currency})`,
    { param: "amount" },
  );
};

const chargeToRefund = (world: World, params: Form): Charge => {
  const chargeId = text(params, "charge");
  const intentId = chargeId === undefined ? required(params, "payment_intent") : undefined;
  const charge = chargeId === undefined ? chargeOfIntent(world, intentId ?? "") : world.charges.get(chargeId);
  if (charge === undefined) throw unknownObject("charge", chargeId ?? "", { param: "charge" });
  if (charge.captured) return charge;
  throw refused(`This PaymentIntent (${charge.payment_intent}) does not have a successful charge to refund.`);
};

const chargeOfIntent = (world: World, intentId: string): Charge => {
  const intent = world.intents.get(intentId);
  if (intent === undefined) throw unknownObject("payment_intent", intentId, { param: "payment_intent" });
  const charge = world.charges.get(intent.latest_charge ?? "");
  if (charge !== undefined) return charge;
  throw refused(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`);
};
