import { fact, say, type Template } from "../_kit/draft.ts";

export const supplierReorder: Template<"supplier_reorder"> = ({ skuId, available, reorderPoint }) => ({
  subject: "It is time to deliver more",
  parts: [
    say("A shop that you supply is running out of this article."),
    fact("Article", skuId),
    fact("Pieces left", String(available)),
    fact("Reorder point", String(reorderPoint)),
  ],
});
