import { timeOf } from "../_kit/words.ts";
import { fact, list, say, type Template } from "../_kit/draft.ts";

export const purchaseOverdue: Template<"purchase_overdue"> = ({ purchaseId, items, dueAt }) => ({
  subject: `Overdue: ${purchaseId}`,
  parts: [
    say("Of this order these articles have not come yet."),
    list(items),
    fact("Order", purchaseId),
    fact("Awaited until", timeOf(dueAt)),
  ],
});
