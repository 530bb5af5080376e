import { fact, list, look, say, type Template } from "../_kit/draft.ts";
import { amountOf, timeOf } from "../_kit/words.ts";

export const saleReceived: Template<"sale_received"> = ({ orderId, items, total, confirmUntil, link }) => ({
  subject: "You have sold something",
  parts: [
    say(
      `These goods are paid. Confirm them until ${timeOf(confirmUntil)}: afterwards they are cancelled, and the buyer gets the money back.`,
    ),
    list(items),
    fact("Total", amountOf(total)),
    fact("Order", orderId),
    ...look("Confirm the order", link),
  ],
});
