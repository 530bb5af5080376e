import { fact, quote, say, type Template } from "../_kit/draft.ts";

export const purchaseUntold: Template<"purchase_untold"> = ({ purchaseId, reason }) => ({
  subject: `Not told: ${purchaseId}`,
  parts: [
    say("Your supplier's system did not take this order."),
    ...quote(reason),
    say("Send it again, or have the supplier told by mail."),
    fact("Order", purchaseId),
  ],
});
