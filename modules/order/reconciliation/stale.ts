import { and, asc, eq, inArray, lt, sql } from "drizzle-orm";
import { HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { PAYMENT_WINDOW_MS } from "@shopnexus/contracts/order/checkout";
import type { Reconciliation } from "@shopnexus/contracts/order/reconciliation";
import { charge } from "#db/order/payments.ts";
import { checkout } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { orderOf } from "../charge/rows.ts";

/** A run ends its charge at the window's end, or a little later where a gateway is slow. */
const STALE_AFTER_MS = PAYMENT_WINDOW_MS + 5 * MINUTE_MS;
/** Whoever meant to settle it by now is no more. */
const ABANDONED_AFTER_MS = 6 * HOUR_MS;

const UNENDED = ["opening", "open", "authorized", "paid", "voiding"] as const;

/** Leans on charges_unended. */
export const stale: Step<typeof Reconciliation, "stale"> = async ({ limit }, { db }) => {
  const ago = (ms: number) => sql`now() - make_interval(secs => ${ms / 1_000})`;
  const rows = await db
    .select({
      row: charge,
      isAbandoned: sql<boolean>`${charge.createdAt} < ${ago(ABANDONED_AFTER_MS)} or ${charge.attempt} < (
        select max(newer.attempt) from ${charge} newer where newer.checkout_id = "charge"."checkout_id")
        or coalesce(${checkout.state}, 'abandoned') <> 'awaiting_payment'`,
    })
    .from(charge)
    .leftJoin(checkout, eq(checkout.checkoutId, charge.checkoutId))
    .where(and(inArray(charge.state, [...UNENDED]), lt(charge.createdAt, ago(STALE_AFTER_MS))))
    .orderBy(asc(charge.createdAt))
    .limit(limit);
  return { charges: rows.map(({ row, isAbandoned }) => ({ charge: orderOf(row), isAbandoned })) };
};
