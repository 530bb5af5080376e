import { fact, look, quote, say, type Template } from "../_kit/draft.ts";
import { timeOf } from "../_kit/words.ts";

export const claimAnswered: Template<"claim_answered"> = ({
  orderId,
  refundId,
  answer,
  reason,
  until,
  link,
}) => ({
  subject: "Your claim was answered",
  parts: [
    fact("Answer", answer),
    ...quote(reason),
    ...(until === undefined
      ? []
      : [say(`It is your turn until ${timeOf(until)}: afterwards the claim is closed.`)]),
    fact("Order", orderId),
    fact("Claim", refundId),
    ...look("See the claim", link),
  ],
});
