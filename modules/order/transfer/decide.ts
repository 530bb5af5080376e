import { refuse } from "@shopnexus/contracts/kit/refusal";
import { PayoutRefusals } from "@shopnexus/contracts/order/payout";
import type { Transfer } from "@shopnexus/contracts/order/transfer";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { decideOnce, findPayout } from "./rows.ts";
import { toView } from "./rules.ts";

/** Only the very call that decided finds its own word again. */
export const decide: Step<typeof Transfer, "decide"> = async ({ payoutId, ...word }, { db, callKey }) => {
  const decidedByCall = sha256(callKey);
  const row =
    (await decideOnce(db, payoutId, { ...word, decidedByCall })) ?? (await findPayout(db, payoutId));
  if (row === undefined) throw refuse(PayoutRefusals.PAYOUT_UNKNOWN, {});
  const { state, decision } = row;
  if (row.decidedByCall !== decidedByCall) throw refuse(PayoutRefusals.PAYOUT_DECIDED, { state, decision });
  return toView(row);
};
