import { emit } from "../hooks/events.ts";
import { enter } from "../ledger/transactions.ts";
import { type Charge, newId, seconds } from "../money/shapes.ts";
import { refused, unknownObject } from "../wire/errors.ts";
import type { Call, World } from "../world.ts";
import { type Dispute, disputeShape } from "./shapes.ts";

type Complaint = { amount: number | undefined; reason: string };

/** The payer's bank takes the money back, all that is left of the charge or a part of it. */
export const openDispute = (call: Call, { amount: asked, reason }: Complaint): Dispute => {
  const { world } = call;
  const charge = chargeOf(world, call.id);
  const amount = disputable(world, charge, asked);
  const { currency, payment_intent } = charge;
  const id = newId("dp");
  const withdrawn = enter(world, {
    type: "adjustment",
    amount: -amount,
    currency,
    source: id,
    description: `Chargeback withdrawal for ${charge.id}`,
  });
  const dispute = disputeShape({
    id,
    amount,
    balance_transactions: [withdrawn],
    charge: charge.id,
    created: seconds(world.now()),
    currency,
    payment_intent,
    reason,
  });
  world.disputes.put(dispute);
  world.charges.put({ ...charge, disputed: true });
  emit(call, "charge.dispute.created", dispute);
  emit(call, "charge.dispute.funds_withdrawn", dispute);
  return dispute;
};

/** What refunds ask: the dispute that keeps a charge's money from going back a second time. */
export const blockingDispute = (world: World, charge: Charge): Dispute | undefined => {
  if (!charge.disputed) return undefined;
  return world.disputes.all().find((item) => item.charge === charge.id && item.status !== "won");
};

const chargeOf = (world: World, id: string): Charge => {
  const charge = world.charges.get(world.intents.get(id)?.latest_charge ?? id);
  if (charge === undefined) throw unknownObject("charge", id, { param: "id" });
  return charge;
};

const disputable = (world: World, charge: Charge, asked: number | undefined): number => {
  const left = charge.amount_captured - charge.amount_refunded;
  if (!charge.captured || left === 0) {
    throw refused(`Charge ${charge.id} holds no money that a bank could take back.`);
  }
  const earlier = blockingDispute(world, charge);
  if (earlier !== undefined) {
    throw refused(`Charge ${charge.id} is disputed already: ${earlier.id} is ${earlier.status}.`, {
      code: "charge_disputed",
    });
  }
  if (asked === undefined || asked <= left) return asked ?? left;
  throw refused(`The bank can take back ${left} ${charge.currency} at most.`, { param: "amount" });
};
