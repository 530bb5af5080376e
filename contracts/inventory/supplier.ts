/** Who a seller buys from: where orders are sent, and how long a delivery takes. */
import { z } from "zod";
import { Email } from "../account/login.ts";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Nothing, text } from "../_kit/word.ts";

export const LEAD_DAYS_MAX = 365;
export const SUPPLIER_COUNT_MAX = 500;

const supplier = {
  /** Unique among the caller's. */
  name: text(120),
  email: Email,
  /** From the order to its delivery. */
  leadDays: z.int().min(0).max(LEAD_DAYS_MAX),
};
export const SupplierView = z.object({ supplierId: id("spl"), ...supplier });
export type SupplierView = z.infer<typeof SupplierView>;

export const SupplierRefusals = refusals({
  SUPPLIER_UNKNOWN: { status: 404, says: "There is no such supplier of yours." },
});

export const Supplier = service("Supplier", {
  /** Adds a supplier of the caller's, or says anew what holds for one of this name.
   *  Repeats  nothing changes */
  put: step(z.strictObject(supplier), SupplierView, { who: "seller", http: "PUT /me/suppliers" }),

  /** The caller's suppliers, by name; the first 500. */
  list: read(Nothing, z.object({ suppliers: z.array(SupplierView) }), {
    who: "seller",
    http: "GET /me/suppliers",
  }),
});
