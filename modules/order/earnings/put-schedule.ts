import { sql } from "drizzle-orm";
import type { Earnings } from "@shopnexus/contracts/order/earnings";
import { payoutSchedule } from "#db/order/payouts.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { nextAt, scheduleColumns, toSchedule } from "./rules.ts";

/** The same again does not put the next time off. */
export const putSchedule: Step<typeof Earnings, "putSchedule"> = async ({ schedule }, { db, who }) => {
  const columns = scheduleColumns(schedule);
  const at = nextAt(columns, Date.now());
  const { every, day, nextAt: kept } = payoutSchedule;
  const isSame = sql`${every} = excluded.every and ${day} is not distinct from excluded.day`;
  const [row] = await db
    .insert(payoutSchedule)
    .values({ accountId: accountOf(who).accountId, ...columns, nextAt: at })
    .onConflictDoUpdate({
      target: payoutSchedule.accountId,
      set: {
        ...columns,
        nextAt: sql`case when ${isSame} then ${kept} else excluded.next_at end`,
        changedAt: sql`case when ${isSame} then ${payoutSchedule.changedAt} else now() end`,
      },
    })
    .returning();
  return toSchedule(row);
};
