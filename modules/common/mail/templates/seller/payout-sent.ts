import { fact, look, say, type Template } from "../_kit/draft.ts";
import { amountOf } from "../_kit/words.ts";

export const payoutSent: Template<"payout_sent"> = ({ payoutId, amount, link }) => ({
  subject: `${amountOf(amount)} are on their way to your bank`,
  parts: [
    say("A bank may take some days to show it."),
    fact("Amount", amountOf(amount)),
    fact("Payout", payoutId),
    ...look("See the payout", link),
  ],
});
