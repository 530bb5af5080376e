/** Watches over a purchase order from the word to its supplier to its last piece. */
import { run, workflow } from "../_kit/contract.ts";
import { Done, Nothing } from "../_kit/word.ts";
import { PurchaseRefusals } from "./purchase.ts";

export const PurchaseOrder = workflow("PurchaseOrder", {
  /** Tells the supplier, and reminds it and the seller when the order is overdue, until all has come or nothing is awaited.
   *  Takes    nothing; the key: the purchase order's id
   *  Refuses  PURCHASE_UNKNOWN
   *  Source   modules/inventory/README.md */
  run: run(Nothing, Done, { who: "module", refuses: [PurchaseRefusals.PURCHASE_UNKNOWN] }),
});
