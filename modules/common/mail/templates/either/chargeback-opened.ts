import { fact, look, quote, say, type Template } from "../_kit/draft.ts";
import { amountOf, timeOf } from "../_kit/words.ts";

export const chargebackOpened: Template<"chargeback_opened"> = ({
  orderId,
  amount,
  reason,
  until,
  link,
}) => ({
  subject: "A bank asks for a payment back",
  parts: [
    say("The amount is frozen until the bank of the buyer has decided."),
    fact("Amount", amountOf(amount)),
    ...quote(reason),
    ...(until === undefined ? [] : [say(`Send us what proves the sale until ${timeOf(until)}.`)]),
    fact("Order", orderId),
    ...look("See the order", link),
  ],
});
