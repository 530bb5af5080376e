/** How a SKU is kept in stock: whether buyers may wait for it, whether pieces are numbered, when its supplier is told. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Done, Pieces, text } from "../_kit/word.ts";
import { Email } from "../account/login.ts";
import { StockRefusals } from "./stock.ts";
import { SupplierRefusals } from "./supplier.ts";

/** What holds for a SKU that nobody has configured: false, false, null, null. */
const settings = {
  /** A buyer may order it while there is none, and waits. */
  backorder: z.boolean(),
  /** Each piece that is shipped has a serial number. */
  serials: z.boolean(),
  /** Below so many available pieces it is time to order more. */
  reorderPoint: z.int().min(0).max(1_000_000).nullable(),
  supplierEmail: Email.nullable(),
  /** So many pieces are not sold, to nobody: a cushion for what is lost or broken. None if absent. */
  safetyStock: z.int().min(0).max(1_000_000).optional(),
  /** Below the reorder point so many pieces are put on a draft of a purchase order from this supplier. */
  reorder: z
    .strictObject({ supplierId: id("spl"), pieces: Pieces })
    .nullable()
    .optional(),
};
export const StockSettings = z.object({ skuId: id("sku"), ...settings });
export type StockSettings = z.infer<typeof StockSettings>;

/** A SKU that stands below its reorder point. A dip begins when that is noticed, and ends when stock arrives. */
export const Dip = z.object({
  skuId: id("sku"),
  sellerId: id("acc"),
  /** The first dip of a SKU is 1. */
  dip: z.int(),
  available: z.int(),
  reorderPoint: z.int(),
  supplierEmail: z.string().nullable(),
});
export type Dip = z.infer<typeof Dip>;

const Sold = z.strictObject({ skuIds: z.array(id("sku")).min(1).max(100), reference: text(120) });

export const Supply = service("Supply", {
  /** Says how a SKU of the caller's is kept in stock.
   *  Refuses  SKU_UNKNOWN, SUPPLIER_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  configure: step(z.strictObject({ skuId: id("sku"), ...settings }), StockSettings, {
    who: "seller",
    refuses: [StockRefusals.SKU_UNKNOWN, SupplierRefusals.SUPPLIER_UNKNOWN],
    http: "PUT /skus/{skuId}/settings",
  }),

  /** How a SKU of the caller's is kept in stock.
   *  Refuses  SKU_UNKNOWN, also for somebody else's */
  settings: read(z.strictObject({ skuId: id("sku") }), StockSettings, {
    who: "seller",
    refuses: [StockRefusals.SKU_UNKNOWN],
    http: "GET /skus/{skuId}/settings",
  }),

  /** What buyers may count on, before anything is set aside.
   *  Takes    1 to 100 SKUs
   *  Gives    pieces that nobody has spoken for, less the safety stock, and whether a buyer may wait for more; in the order asked, without unknown ones */
  availability: read(
    z.strictObject({ skuIds: z.array(id("sku")).min(1).max(100) }),
    z.object({ skus: z.array(z.object({ skuId: id("sku"), available: z.int(), mayWait: z.boolean() })) }),
    { who: "module" },
  ),

  /** Looks at SKUs after a sale: for those below their reorder point it writes to the supplier and to the feed, and drafts a purchase order if their seller wants one.
   *  Takes    1 to 100 SKUs; reference, what made them fewer
   *  Repeats  nothing: one dip, one notice, whoever notices it */
  watch: op(Sold, Done, { who: "module" }),

  /** Begins a dip of every SKU that stands below its reorder point and is in none.
   *  Gives    the dips that this reference noticed
   *  Repeats  same reference: the same dips */
  notice: step(Sold, z.object({ dips: z.array(Dip) }), { who: "module" }),
});
