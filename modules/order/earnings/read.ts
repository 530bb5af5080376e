import { and, eq } from "drizzle-orm";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Earnings } from "@shopnexus/contracts/order/earnings";
import { PayoutRefusals } from "@shopnexus/contracts/order/payout";
import { payout } from "#db/order/payouts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { toView } from "../transfer/rules.ts";

export const read: Step<typeof Earnings, "read"> = async ({ payoutId }, { db, who }) => {
  const { accountId } = accountOf(who);
  const [row] = await db
    .select()
    .from(payout)
    .where(and(eq(payout.payoutId, payoutId), eq(payout.accountId, accountId)));
  if (row === undefined) throw refuse(PayoutRefusals.PAYOUT_UNKNOWN, {});
  return toView(row);
};
