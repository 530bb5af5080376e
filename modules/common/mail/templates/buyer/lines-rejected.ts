import { fact, list, look, quote, say, type Template } from "../_kit/draft.ts";

export const linesRejected: Template<"lines_rejected"> = ({ orderId, items, reason, link }) => ({
  subject: "The seller cannot deliver a part of your order",
  parts: [
    say("The seller cannot deliver these goods. You get the money for them back the way you paid."),
    list(items),
    ...quote(reason),
    fact("Order", orderId),
    ...look("See the order", link),
  ],
});
