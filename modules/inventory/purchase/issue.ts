import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import type { TxSql } from "../stock/rows.ts";
import { queueHook } from "../hook/rows.ts";
import { findPurchase, type Locked, lockPurchase } from "./rows.ts";
import { nextState } from "./rules.ts";

export const issue: Step<typeof Purchase, "issue"> = (ref, { db }) =>
  db.$client.begin(async (tx) => {
    const purchase = await lockPurchase(tx, ref);
    const next = nextState(purchase.state, "issue");
    if (next instanceof RefusalError) throw next;
    if (purchase.state === "draft") await setSent(tx, purchase);
    return findPurchase(tx, ref);
  });

/** Told by the channel that its supplier has in this moment. */
const setSent = async (tx: TxSql, { purchaseId, leadDays, supplierChannel }: Locked): Promise<void> => {
  await tx`
    update inventory.purchase set state = 'sent', channel = ${supplierChannel},
      sent_at = now(), due_at = now() + ${leadDays} * interval '1 day', remind_at = now() + ${leadDays} * interval '1 day'
    where purchase_id = ${purchaseId} and state = 'draft'`;
  if (supplierChannel === "webhook") await queueHook(tx, purchaseId);
};
