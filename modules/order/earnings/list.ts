import { eq } from "drizzle-orm";
import { PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Earnings } from "@shopnexus/contracts/order/earnings";
import { payout } from "#db/order/payouts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { pageOfPayouts } from "./rows.ts";

export const list: Step<typeof Earnings, "list"> = ({ after, limit = PAGE_LIMIT }, { db, who }) =>
  pageOfPayouts(db, eq(payout.accountId, accountOf(who).accountId), { after, limit });
