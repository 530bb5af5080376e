import { eq } from "drizzle-orm";
import type { Earnings } from "@shopnexus/contracts/order/earnings";
import { payoutSchedule } from "#db/order/payouts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { toSchedule } from "./rules.ts";

export const schedule: Step<typeof Earnings, "schedule"> = async (_input, { db, who }) => {
  const [row] = await db
    .select()
    .from(payoutSchedule)
    .where(eq(payoutSchedule.accountId, accountOf(who).accountId));
  return toSchedule(row);
};
