import { fact, list, look, say, type Template } from "../_kit/draft.ts";
import { amountOf } from "../_kit/words.ts";

export const orderPlaced: Template<"order_placed"> = ({ orderId, items, total, link }) => ({
  subject: "Thank you for your order",
  parts: [
    say(
      "Your payment has arrived, and the seller has been told. We write again as soon as the order is confirmed.",
    ),
    list(items),
    fact("Paid", amountOf(total)),
    fact("Order", orderId),
    ...look("See the order", link),
  ],
});
