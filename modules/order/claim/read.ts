import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Claim, ClaimRefusals } from "@shopnexus/contracts/order/claim";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { claimViews, eventsOf, findClaim, happeningOf } from "./rows.ts";

export const read: Step<typeof Claim, "read"> = async ({ refundId }, { db, who }) => {
  const { accountId, roles } = accountOf(who);
  const row = await findClaim(db, refundId);
  const isParty = row?.buyerId === accountId || row?.sellerId === accountId || roles.includes("operator");
  const [view] = row === undefined || !isParty ? [] : await claimViews(db, [row]);
  if (view === undefined) throw refuse(ClaimRefusals.CLAIM_UNKNOWN, {});
  return { ...view, history: (await eventsOf(db, refundId)).map(happeningOf) };
};
