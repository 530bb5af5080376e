import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import type { Step } from "#modules/_kit/handler.ts";
import type { TxSql } from "../stock/rows.ts";
import { findPurchase, lockPurchase } from "./rows.ts";
import { REMINDER_COUNT_MAX } from "./rules.ts";

export const watch: Step<typeof Purchase, "watch"> = ({ purchaseId }, { db, settings }) =>
  db.$client.begin(async (tx) => {
    const { sellerId, email, code } = await lockPurchase(tx, { purchaseId });
    const { reminder, waitMs } = await countReminder(tx, purchaseId, settings.deadlines.overdueMs);
    const view = await findPurchase(tx, { purchaseId });
    const isOver = view.endedAt !== null || reminder >= REMINDER_COUNT_MAX;
    return { isOver, waitMs, reminder, sellerId, email, code, view };
  });

/** Counts a reminder whose time has come; which was the last, and how long until the next. Leans on purchase_pkey. */
const countReminder = async (
  tx: TxSql,
  purchaseId: string,
  everyMs: number,
): Promise<{ reminder: number; waitMs: number }> => {
  await tx`
    update inventory.purchase
    set reminder_count = reminder_count + 1, remind_at = now() + ${everyMs} * interval '1 ms'
    where purchase_id = ${purchaseId} and remind_at <= now() and ended_at is null
      and reminder_count < ${REMINDER_COUNT_MAX}`;
  const rows = await tx<{ reminder: number; waitMs: number }[]>`
    select reminder_count as reminder,
      greatest(1, ceil(extract(epoch from remind_at - now()) * 1000))::float8 as "waitMs"
    from inventory.purchase where purchase_id = ${purchaseId}`;
  return rows[0] ?? { reminder: 0, waitMs: everyMs };
};
