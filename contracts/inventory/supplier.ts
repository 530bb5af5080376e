/** Who a seller buys from: where orders are sent, by mail or webhook, and how long a delivery takes. */
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

/** How a supplier is told of orders. Reminders are for people, and always go by mail. */
export const Channel = z.enum(["mail", "webhook"]);
export type Channel = z.infer<typeof Channel>;

export const SupplierView = z.object({
  supplierId: id("spl"),
  ...supplier,
  channel: Channel,
  /** Of the channel `webhook`. Its secret is told to nobody. */
  webhookUrl: z.string().nullable(),
});
export type SupplierView = z.infer<typeof SupplierView>;

export const SupplierRefusals = refusals({
  SUPPLIER_UNKNOWN: { status: 404, says: "There is no such supplier of yours." },
  WEBHOOK_URL_REFUSED: {
    status: 422,
    says: "Webhooks are sent to https addresses on the public internet, without credentials or a fragment.",
    data: z.object({ fault: z.enum(["malformed", "scheme", "credentials", "fragment", "port", "host"]) }),
  },
});
const { SUPPLIER_UNKNOWN, WEBHOOK_URL_REFUSED } = SupplierRefusals;

/** `whsec_` and 24 to 62 bytes in base64. Source: Standard Webhooks. */
const WebhookSecret = z
  .string()
  .regex(/^whsec_([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/);
const Ref = z.strictObject({ supplierId: id("spl") });

export const Supplier = service("Supplier", {
  /** Adds a supplier of the caller's, told by mail, or says anew what holds for one of this name.
   *  Repeats  nothing changes */
  put: step(z.strictObject(supplier), SupplierView, { who: "seller", http: "PUT /me/suppliers" }),

  /** Has a supplier's system told of orders, instead of its people: those that are sent from now on.
   *  Takes    an address on the public internet; a secret, which signs what is told: a new one holds from the next attempt on
   *  Refuses  SUPPLIER_UNKNOWN, also for somebody else's; WEBHOOK_URL_REFUSED
   *  Repeats  nothing changes */
  hook: step(Ref.extend({ url: text(2_048), secret: WebhookSecret }), SupplierView, {
    who: "seller",
    refuses: [SUPPLIER_UNKNOWN, WEBHOOK_URL_REFUSED],
    http: "PUT /me/suppliers/{supplierId}/webhook",
  }),

  /** Has a supplier told by mail again, and forgets address and secret.
   *  Refuses  SUPPLIER_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  unhook: step(Ref, SupplierView, {
    who: "seller",
    refuses: [SUPPLIER_UNKNOWN],
    http: "DELETE /me/suppliers/{supplierId}/webhook",
  }),

  /** The caller's suppliers, by name; the first 500. */
  list: read(Nothing, z.object({ suppliers: z.array(SupplierView) }), {
    who: "seller",
    http: "GET /me/suppliers",
  }),
});
