import { refuse } from "@shopnexus/contracts/kit/refusal";
import { PayoutRefusals } from "@shopnexus/contracts/order/payout";
import type { Transfer } from "@shopnexus/contracts/order/transfer";
import type { Step } from "#modules/_kit/handler.ts";
import { findPayout } from "./rows.ts";
import { toView } from "./rules.ts";

export const find: Step<typeof Transfer, "find"> = async ({ payoutId, accountId }, { db }) => {
  const row = await findPayout(db, payoutId);
  if (row?.accountId !== accountId) throw refuse(PayoutRefusals.PAYOUT_UNKNOWN, {});
  return toView(row);
};
