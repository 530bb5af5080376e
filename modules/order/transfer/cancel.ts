import { refuse } from "@shopnexus/contracts/kit/refusal";
import { PayoutRefusals } from "@shopnexus/contracts/order/payout";
import type { Transfer } from "@shopnexus/contracts/order/transfer";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { decideOnce, findPayout } from "./rows.ts";
import { toView } from "./rules.ts";

export const cancel: Step<typeof Transfer, "cancel"> = async ({ payoutId, accountId }, { db, callKey }) => {
  // Whose it is never changes, so it may be asked before.
  const before = await findPayout(db, payoutId);
  if (before?.accountId !== accountId) throw refuse(PayoutRefusals.PAYOUT_UNKNOWN, {});
  const word = { decision: "cancelled", note: null, decidedBy: accountId } as const;
  const cancelled = await decideOnce(db, payoutId, { ...word, decidedByCall: sha256(callKey) });
  const row = cancelled ?? (await findPayout(db, payoutId)) ?? before;
  const { state, decision } = row;
  if (decision !== "cancelled") throw refuse(PayoutRefusals.PAYOUT_DECIDED, { state, decision });
  return toView(row);
};
