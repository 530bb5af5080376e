import { fact, list, look, say, type Template } from "../_kit/draft.ts";
import { timeOf } from "../_kit/words.ts";

export const confirmReminder: Template<"confirm_reminder"> = ({ orderId, items, confirmUntil, link }) => ({
  subject: "A buyer is waiting for you",
  parts: [
    say(
      `You have not confirmed these goods yet. At ${timeOf(confirmUntil)} they are cancelled, and the buyer gets the money back.`,
    ),
    list(items),
    fact("Order", orderId),
    ...look("Confirm the order", link),
  ],
});
