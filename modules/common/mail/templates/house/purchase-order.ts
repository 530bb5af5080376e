import { timeOf } from "../_kit/words.ts";
import { fact, list, say, type Template } from "../_kit/draft.ts";

export const purchaseOrder: Template<"purchase_order"> = ({ purchaseId, code, items, dueAt }) => ({
  subject: `An order for you: ${purchaseId}`,
  parts: [
    say("A shop that you supply orders these articles."),
    list(items),
    fact("Order", purchaseId),
    fact("Awaited until", timeOf(dueAt)),
    say("To accept it, answer with this code, or tell the shop."),
    fact("Code", code),
  ],
});
