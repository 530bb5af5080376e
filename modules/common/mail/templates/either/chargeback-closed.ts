import { fact, look, type Template } from "../_kit/draft.ts";
import { amountOf } from "../_kit/words.ts";

export const chargebackClosed: Template<"chargeback_closed"> = ({ orderId, amount, outcome, link }) => ({
  subject: "The bank has decided about a payment",
  parts: [
    fact("Outcome", outcome),
    fact("Amount", amountOf(amount)),
    fact("Order", orderId),
    ...look("See the order", link),
  ],
});
