import { fact, look, quote, say, type Template } from "../_kit/draft.ts";
import { amountOf } from "../_kit/words.ts";

export const payoutFailed: Template<"payout_failed"> = ({ payoutId, amount, reason, link }) => ({
  subject: "A payout did not reach your bank",
  parts: [
    say("The money is back in your wallet. Look at your bank account with us before the next payout."),
    fact("Amount", amountOf(amount)),
    ...quote(reason),
    fact("Payout", payoutId),
    ...look("See the payout", link),
  ],
});
