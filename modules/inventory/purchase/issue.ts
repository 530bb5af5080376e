import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import type { TxSql } from "../stock/rows.ts";
import { findPurchase, lockPurchase } from "./rows.ts";
import { nextState } from "./rules.ts";

export const issue: Step<typeof Purchase, "issue"> = (ref, { db }) =>
  db.$client.begin(async (tx) => {
    const { state, leadDays } = await lockPurchase(tx, ref);
    const next = nextState(state, "issue");
    if (next instanceof RefusalError) throw next;
    if (state === "draft") await setSent(tx, ref.purchaseId, leadDays);
    return findPurchase(tx, ref);
  });

const setSent = async (tx: TxSql, purchaseId: string, leadDays: number): Promise<void> => {
  await tx`
    update inventory.purchase set state = 'sent', sent_at = now(), due_at = now() + ${leadDays} * interval '1 day',
      remind_at = now() + ${leadDays} * interval '1 day'
    where purchase_id = ${purchaseId} and state = 'draft'`;
};
