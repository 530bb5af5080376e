import { and, eq, sql } from "drizzle-orm";
import type { Chargeback } from "@shopnexus/contracts/order/chargeback";
import { inTransaction } from "#db/_kit/transaction.ts";
import { chargeback } from "#db/order/chargebacks.ts";
import { charge } from "#db/order/payments.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { later, nowOf } from "../_kit/claims.ts";
import { findChargeback } from "./rows.ts";

/** Forward only: what is decided stays so, and an event that is late changes nothing. */
export const record: Step<typeof Chargeback, "record"> = async (news, { db, settings, callKey }) =>
  inTransaction(db, async (tx) => {
    const { gateway, disputeRef, chargeId, amount, status, reason } = news;
    const chargebackId = deriveId("cbk", gateway, disputeRef);
    const [own] = await tx
      .select({ checkoutId: charge.checkoutId })
      .from(charge)
      .where(eq(charge.chargeId, chargeId));
    await tx
      .insert(chargeback)
      .values({
        chargebackId,
        gateway,
        disputeRef,
        chargeId,
        checkoutId: own?.checkoutId ?? null,
        amountMinor: amount.minor,
        currency: amount.currency,
        status,
        reason,
        callKey,
        dueAt: later(await nowOf(tx), settings.deadlines.chargebackMs),
        openedAt: new Date(news.at),
      })
      .onConflictDoNothing();
    await tx
      .update(chargeback)
      .set({ status })
      .where(
        and(
          eq(chargeback.chargebackId, chargebackId),
          eq(chargeback.status, "open"),
          sql`${status} <> 'open'`,
        ),
      );
    const row = await findChargeback(tx, chargebackId);
    return { chargebackId, status: row.status, isWatched: row.callKey === callKey };
  });
