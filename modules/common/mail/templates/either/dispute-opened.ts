import { fact, look, quote, say, type Template } from "../_kit/draft.ts";
import { timeOf } from "../_kit/words.ts";

export const disputeOpened: Template<"dispute_opened"> = ({
  orderId,
  disputeId,
  reason,
  verdictUntil,
  link,
}) => ({
  subject: "A dispute is open",
  parts: [
    say(`Write down what speaks for you: we decide until ${timeOf(verdictUntil)}.`),
    ...quote(reason),
    fact("Order", orderId),
    fact("Dispute", disputeId),
    ...look("See the dispute", link),
  ],
});
