import { fact, look, say, type Template } from "../_kit/draft.ts";
import { amountOf } from "../_kit/words.ts";

export const refundPaid: Template<"refund_paid"> = ({ orderId, refundId, amount, link }) => ({
  subject: `${amountOf(amount)} are on their way back to you`,
  parts: [
    say("We have given this amount back the way you paid. A bank may take some days to show it."),
    fact("Amount", amountOf(amount)),
    fact("Order", orderId),
    ...(refundId === undefined ? [] : [fact("Refund", refundId)]),
    ...look("See the order", link),
  ],
});
