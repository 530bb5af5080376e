/** What comes from a supplier, delivery by delivery. */
import { z } from "zod";
import { op, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { PurchaseLines, PurchaseRefusals, PurchaseView } from "./purchase.ts";
import { StockRefusals } from "./stock.ts";

const { PURCHASE_UNKNOWN, PURCHASE_CLOSED } = PurchaseRefusals;

const Delivered = z.strictObject({
  purchaseId: id("pur"),
  deliveryId: z.string().regex(/^[A-Za-z0-9_-]{1,36}$/),
  lines: PurchaseLines,
});

export const Delivery = service("Delivery", {
  /** Books a delivery, all its lines or none, as receipts that the lines that wait are served from.
   *  Takes    deliveryId, the caller's own; SKUs of the order; more than was ordered is booked, too
   *  Refuses  PURCHASE_UNKNOWN, also for somebody else's; PURCHASE_CLOSED (a draft); SKU_UNKNOWN (not of this order); RECEIPT_DIFFERS
   *  Repeats  same deliveryId, same lines: booked once */
  receive: op(Delivered, PurchaseView, {
    who: "seller",
    refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED, StockRefusals.SKU_UNKNOWN, StockRefusals.RECEIPT_DIFFERS],
    http: "POST /me/purchases/{purchaseId}/deliveries",
  }),

  /** Books a delivery of this seller's: levels, shelves, and what has come of the order, in one go.
   *  Refuses  PURCHASE_UNKNOWN, PURCHASE_CLOSED, SKU_UNKNOWN, RECEIPT_DIFFERS
   *  Repeats  same deliveryId, same lines: booked once */
  land: step(Delivered.extend({ sellerId: id("acc") }), PurchaseView, {
    who: "module",
    refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED, StockRefusals.SKU_UNKNOWN, StockRefusals.RECEIPT_DIFFERS],
  }),
});
