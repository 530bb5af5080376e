/** What of a promotion may change, and why it does not. */
import type { In } from "@shopnexus/contracts/kit/contract";
import { money } from "@shopnexus/contracts/kit/money";
import { refuse, type RefusalError } from "@shopnexus/contracts/kit/refusal";
import { epochMs } from "@shopnexus/contracts/kit/time";
import { type Campaign, CampaignRefusals } from "@shopnexus/contracts/promotion/campaign";
import { PromotionRefusals } from "@shopnexus/contracts/promotion/promotion";
import type { PromotionRow } from "../_kit/reading.ts";

type Change = In<typeof Campaign, "change">;

/** The columns that a change names; those that it does not are undefined, and stay. */
export const changedColumnsOf = ({ name, endsAt, budget, uses, priority }: Change) => ({
  name,
  endsAt: endsAt === undefined ? undefined : new Date(endsAt),
  budgetMinor: budget?.minor,
  usesMax: uses,
  priority,
});

/** Whether the promotion is as asked already. */
export const standsAs = (row: PromotionRow, change: Change): boolean => {
  const { name, endsAt, budgetMinor, usesMax, priority } = changedColumnsOf(change);
  return (
    (name ?? row.name) === row.name &&
    (endsAt ?? row.endsAt).getTime() === row.endsAt.getTime() &&
    (budgetMinor ?? row.budgetMinor) === row.budgetMinor &&
    (change.budget?.currency ?? row.currency) === row.currency &&
    (usesMax ?? row.usesMax) === row.usesMax &&
    (priority ?? row.priority) === row.priority
  );
};

/** Why a promotion that is not as asked may not be changed. What is held moves all the time: by now it may be allowed. */
export const whyUnchanged = (row: PromotionRow, change: Change, now: Date): RefusalError => {
  const { version, currency, startsAt, heldMinor, redeemedMinor } = row;
  const { budget, uses, endsAt } = change;
  const used = row.usesHeld + row.usesRedeemed;
  const crossed = (why: string) => refuse(PromotionRefusals.TERMS_CROSSED, { why });
  if (row.stoppedAt !== null)
    return refuse(PromotionRefusals.PROMOTION_STOPPED, { promotionId: row.promotionId });
  if (version !== change.version) return refuse(CampaignRefusals.PROMOTION_CHANGED, { version });
  if (budget !== undefined && budget.currency !== currency)
    return crossed("its amounts are of two currencies");
  if (endsAt !== undefined && epochMs(endsAt) <= startsAt.getTime())
    return crossed("it ends before it starts");
  if (endsAt !== undefined && epochMs(endsAt) <= now.getTime())
    return crossed("it would have ended already: stop it");
  if (budget !== undefined && heldMinor + redeemedMinor > budget.minor) {
    const [held, redeemed] = [money(heldMinor, currency), money(redeemedMinor, currency)];
    return refuse(CampaignRefusals.BUDGET_BELOW_SPENT, { held, redeemed });
  }
  if (uses !== undefined && used > uses) return refuse(CampaignRefusals.USES_BELOW_USED, { used });
  return refuse(CampaignRefusals.PROMOTION_CHANGED, { version });
};
