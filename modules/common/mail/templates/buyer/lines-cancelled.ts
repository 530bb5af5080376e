import { fact, list, look, quote, say, type Template } from "../_kit/draft.ts";

export const linesCancelled: Template<"lines_cancelled"> = ({ orderId, items, reason, link }) => ({
  subject: "A part of your order is cancelled",
  parts: [
    say("These goods are cancelled. You get the money for them back the way you paid."),
    list(items),
    ...quote(reason),
    fact("Order", orderId),
    ...look("See the order", link),
  ],
});
