import { fact, look, quote, say, type Template } from "../_kit/draft.ts";
import { amountOf, timeOf } from "../_kit/words.ts";

export const claimOpened: Template<"claim_opened"> = ({
  orderId,
  refundId,
  amount,
  reason,
  answerUntil,
  link,
}) => ({
  subject: "A buyer asks for money back",
  parts: [
    say(`Answer until ${timeOf(answerUntil)}: afterwards the claim is accepted.`),
    fact("Amount", amountOf(amount)),
    ...quote(reason),
    fact("Order", orderId),
    fact("Claim", refundId),
    ...look("See the claim", link),
  ],
});
