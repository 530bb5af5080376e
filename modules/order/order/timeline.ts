import { asc, eq } from "drizzle-orm";
import { CheckoutRefusals } from "@shopnexus/contracts/order/checkout";
import type { Order } from "@shopnexus/contracts/order/order";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { timeline as timelineTable } from "#db/order/timeline.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findCheckoutRow, toldView } from "./rows.ts";

/** Leans on told_once. */
export const timeline: Step<typeof Order, "timeline"> = async ({ checkoutId }, { db, who }) => {
  const row = await findCheckoutRow(db, checkoutId, accountOf(who).accountId);
  if (row === undefined) throw refuse(CheckoutRefusals.CHECKOUT_UNKNOWN, {});
  const told = await db
    .select()
    .from(timelineTable)
    .where(eq(timelineTable.checkoutId, checkoutId))
    .orderBy(asc(timelineTable.entry));
  return { entries: told.map((fact) => toldView(fact, "buyer")) };
};
