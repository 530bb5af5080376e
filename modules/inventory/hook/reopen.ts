import type { Hook } from "@shopnexus/contracts/inventory/hook";
import { PurchaseRefusals } from "@shopnexus/contracts/inventory/purchase";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { findPurchase, lockPurchase } from "../purchase/rows.ts";
import { dropHook, queueHook } from "./rows.ts";

export const reopen: Step<typeof Hook, "reopen"> = (ref, { db }) =>
  db.$client.begin(async (tx) => {
    const { state, isSent, email, code, supplierChannel } = await lockPurchase(tx, ref);
    if (!isSent || state === "received" || state === "cancelled")
      throw refuse(PurchaseRefusals.PURCHASE_CLOSED, { state });
    await tx`
      update inventory.purchase set channel = ${supplierChannel} where purchase_id = ${ref.purchaseId}`;
    if (supplierChannel === "webhook") await queueHook(tx, ref.purchaseId);
    else await dropHook(tx, ref.purchaseId);
    return { view: await findPurchase(tx, ref), email, code };
  });
