import { emit } from "../hooks/events.ts";
import { enter } from "../ledger/transactions.ts";
import { refused } from "../wire/errors.ts";
import type { Call, Operation } from "../world.ts";
import { disputeOf } from "./dispute-of.ts";
import { type Dispute, isOpen } from "./shapes.ts";

/** The bank decides. What the shop wins comes back to its balance. */
export const decideDispute = (call: Call, outcome: "won" | "lost"): Dispute => {
  const { world } = call;
  const before = disputeOf(call);
  if (!isOpen(before)) throw refused(`This dispute is already closed: it was ${before.status}.`);
  const dispute: Dispute = {
    ...before,
    status: outcome,
    is_charge_refundable: outcome === "won",
    balance_transactions:
      outcome === "won"
        ? [...before.balance_transactions, reinstated(call, before)]
        : before.balance_transactions,
  };
  world.disputes.put(dispute);
  emit(call, "charge.dispute.closed", dispute);
  if (outcome === "won") emit(call, "charge.dispute.funds_reinstated", dispute);
  return dispute;
};

/** The shop gives in. */
export const closeDispute: Operation = (call) => decideDispute(call, "lost");

const reinstated = ({ world }: Call, { amount, charge, currency, id }: Dispute) =>
  enter(world, {
    type: "adjustment",
    amount,
    currency,
    source: id,
    description: `Chargeback reversal for ${charge}`,
  });
