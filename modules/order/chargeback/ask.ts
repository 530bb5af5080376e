import { and, eq } from "drizzle-orm";
import { GatewayName } from "@shopnexus/contracts/order/payment";
import type { Chargeback } from "@shopnexus/contracts/order/chargeback";
import { inTransaction } from "#db/_kit/transaction.ts";
import { chargeback } from "#db/order/chargebacks.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { later, nowOf } from "../_kit/claims.ts";
import { gatewayOf } from "../charge/gateway/gateways.ts";
import { findChargeback } from "./rows.ts";

/** No transaction waits for a gateway: it is asked first, and its word is written where it is news. */
export const ask: Step<typeof Chargeback, "ask"> = async ({ chargebackId }, { db, settings }) => {
  const { gateway, disputeRef, ...row } = await findChargeback(db, chargebackId);
  const isKnown = row.status !== "open";
  const told = isKnown
    ? undefined
    : await gatewayOf(settings, GatewayName.parse(gateway)).dispute(disputeRef);
  return inTransaction(db, async (tx) => {
    const status = told?.status ?? row.status;
    const isOpen = and(eq(chargeback.chargebackId, chargebackId), eq(chargeback.status, "open"));
    const dueAt = later(await nowOf(tx), settings.deadlines.chargebackMs);
    await tx.update(chargeback).set({ status, dueAt }).where(isOpen);
    const now = await findChargeback(tx, chargebackId);
    return { status: now.status, waitMs: now.status === "open" ? settings.deadlines.chargebackMs : null };
  });
};
