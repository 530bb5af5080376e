import { and, eq } from "drizzle-orm";
import { PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Earnings } from "@shopnexus/contracts/order/earnings";
import { payout } from "#db/order/payouts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { pageOfPayouts } from "./rows.ts";

export const find: Step<typeof Earnings, "find"> = (
  { state, accountId, after, limit = PAGE_LIMIT },
  { db },
) => {
  const among = and(
    state === undefined ? undefined : eq(payout.state, state),
    accountId === undefined ? undefined : eq(payout.accountId, accountId),
  );
  return pageOfPayouts(db, among, { after, limit });
};
