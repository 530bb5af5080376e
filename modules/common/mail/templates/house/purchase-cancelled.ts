import { fact, say, type Template } from "../_kit/draft.ts";

export const purchaseCancelled: Template<"purchase_cancelled"> = ({ purchaseId }) => ({
  subject: `Cancelled: ${purchaseId}`,
  parts: [
    say("Nothing more is awaited of this order: please send no more of it."),
    fact("Order", purchaseId),
  ],
});
