import type { Purchase } from "@shopnexus/contracts/inventory/purchase";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { queueCancel } from "../hook/rows.ts";
import { findPurchase, lockPurchase } from "./rows.ts";
import { nextState } from "./rules.ts";

export const close: Step<typeof Purchase, "close"> = (ref, { db }) =>
  db.$client.begin(async (tx) => {
    const { state, email, isSent, channel, supplierChannel } = await lockPurchase(tx, ref);
    const next = nextState(state, "close");
    if (next instanceof RefusalError) throw next;
    await tx`
      update inventory.purchase set state = ${next}, ended_at = coalesce(ended_at, now())
      where purchase_id = ${ref.purchaseId}`;
    await queueCancel(tx, ref.purchaseId);
    const view = await findPurchase(tx, ref);
    const isHooked = view.hooks.some(({ event }) => event === "cancelled");
    const isWrittenTo = isSent && [channel, supplierChannel].includes("mail");
    return { view, email: isWrittenTo ? email : null, isHooked };
  });
