import { fact, look, quote, type Template } from "../_kit/draft.ts";
import { amountOf } from "../_kit/words.ts";

export const disputeDecided: Template<"dispute_decided"> = ({
  orderId,
  disputeId,
  verdict,
  amount,
  reason,
  link,
}) => ({
  subject: "Your dispute is decided",
  parts: [
    fact("Verdict", verdict),
    ...(amount === undefined ? [] : [fact("The buyer gets back", amountOf(amount))]),
    ...quote(reason),
    fact("Order", orderId),
    fact("Dispute", disputeId),
    ...look("See the dispute", link),
  ],
});
