import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Dispute, DisputeRefusals } from "@shopnexus/contracts/order/dispute";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { disputeViews, findDispute, messagesOf } from "./rows.ts";

export const read: Step<typeof Dispute, "read"> = async ({ disputeId }, { db, who }) => {
  const { accountId, roles } = accountOf(who);
  const row = await findDispute(db, disputeId);
  const isParty = row?.buyerId === accountId || row?.sellerId === accountId || roles.includes("operator");
  const [view] = row === undefined || !isParty ? [] : await disputeViews(db, [row]);
  if (view === undefined) throw refuse(DisputeRefusals.DISPUTE_UNKNOWN, {});
  return { ...view, messages: await messagesOf(db, disputeId) };
};
