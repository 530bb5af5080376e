import { fact, look, quote, say, type Template } from "../_kit/draft.ts";
import { amountOf } from "../_kit/words.ts";

export const payoutWaiting: Template<"payout_waiting"> = ({ payoutId, amount, reason, link }) => ({
  subject: "A payout is waiting",
  parts: [
    say("The money is set aside in your wallet until this is settled."),
    fact("Amount", amountOf(amount)),
    ...quote(reason),
    fact("Payout", payoutId),
    ...look("See the payout", link),
  ],
});
