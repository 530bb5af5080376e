import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { findPurchase, lockPurchase } from "./rows.ts";
import { nextState } from "./rules.ts";

export const close: Step<typeof Purchase, "close"> = (ref, { db }) =>
  db.$client.begin(async (tx) => {
    const { state, email, isSent } = await lockPurchase(tx, ref);
    const next = nextState(state, "close");
    if (next instanceof RefusalError) throw next;
    await tx`
      update inventory.purchase set state = ${next}, ended_at = coalesce(ended_at, now())
      where purchase_id = ${ref.purchaseId}`;
    return { view: await findPurchase(tx, ref), email: isSent ? email : null };
  });
