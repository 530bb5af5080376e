import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import type { TxSql } from "../stock/rows.ts";
import { findPurchase, lockPurchase } from "./rows.ts";
import { nextState } from "./rules.ts";

export const acknowledge: Step<typeof Purchase, "acknowledge"> = ({ purchaseId }, { db, who }) => {
  const ref = { purchaseId, sellerId: accountOf(who).accountId };
  return db.$client.begin(async (tx) => {
    await sayYes(tx, ref);
    return findPurchase(tx, ref);
  });
};

/** Once; whoever says it again changes nothing. */
export const sayYes = async (tx: TxSql, ref: Parameters<typeof lockPurchase>[1]): Promise<void> => {
  const { state } = await lockPurchase(tx, ref);
  const next = nextState(state, "acknowledge");
  if (next instanceof RefusalError) throw next;
  await tx`
    update inventory.purchase set state = ${next}, acknowledged_at = coalesce(acknowledged_at, now())
    where purchase_id = ${ref.purchaseId}`;
};
