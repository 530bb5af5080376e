import { fact, list, look, say, type Template } from "../_kit/draft.ts";

export const linesConfirmed: Template<"lines_confirmed"> = ({ orderId, items, link }) => ({
  subject: "Your order is confirmed",
  parts: [
    say(
      "The seller has confirmed these goods and is packing them. We write again when they are on their way.",
    ),
    list(items),
    fact("Order", orderId),
    ...look("See the order", link),
  ],
});
