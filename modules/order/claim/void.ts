import { eq } from "drizzle-orm";
import type { Claim } from "@shopnexus/contracts/order/claim";
import type { ClaimOrder } from "@shopnexus/contracts/order/complaint";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { once } from "#db/_kit/once.ts";
import { claim } from "#db/order/claims.ts";
import { order } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { happen, lockClaim } from "../_kit/claims.ts";
import { claimRow } from "./record.ts";

const voidClaim: Step<typeof Claim, "void"> = async (ask, { db, settings, callKey }) =>
  inTransaction(db, async (tx) => {
    await leaveTombstone(tx, ask);
    const held = await lockClaim(tx, ask.refundId);
    if (held !== undefined)
      await happen(tx, held, { event: "void", role: "shop", callKey, deadlines: settings.deadlines });
    return {};
  });
export { voidClaim as void };

/** A record that comes later finds it and is refused. Of an order that is not there, or is another's, it is refused anyway. */
const leaveTombstone = async (tx: Tx, ask: ClaimOrder): Promise<void> => {
  const [head] = await tx.select().from(order).where(eq(order.orderId, ask.orderId)).for("update");
  if (head === undefined || head.buyerId !== ask.accountId) return;
  const nothing = { askedMinor: 0, shareMinor: 0, state: "voided", version: 0 } as const;
  await once(tx, claim, { ...claimRow(ask, head), ...nothing });
};
