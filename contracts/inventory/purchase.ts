/** What a seller has ordered from a supplier, and how much of it has come. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, Pieces } from "../_kit/word.ts";
import { LocationRefusals } from "./location.ts";
import { StockRefusals } from "./stock.ts";
import { Channel, SupplierRefusals } from "./supplier.ts";

/** `part_received`: a delivery came, and more is awaited. `cancelled`: nothing more is. */
export const PurchaseState = z.enum([
  "draft",
  "sent",
  "acknowledged",
  "part_received",
  "received",
  "cancelled",
]);
export type PurchaseState = z.infer<typeof PurchaseState>;

/** What a supplier's system is told of an order; its people are written a letter instead. */
export const HookEvent = z.enum(["sent", "cancelled"]);
export type HookEvent = z.infer<typeof HookEvent>;
/** `failed`: it was refused, or tried too often; `Hook/resend` tries anew. `dropped`: it is not needed any more. */
export const HookState = z.enum(["queued", "delivered", "failed", "dropped"]);
export type HookState = z.infer<typeof HookState>;

const HookView = z.object({
  event: HookEvent,
  state: HookState,
  attempts: z.int(),
  /** Why the last attempt did not succeed. */
  reason: z.string().nullable(),
  changedAt: Instant,
});

export const PurchaseView = z.object({
  purchaseId: id("pur"),
  supplierId: id("spl"),
  supplier: z.string(),
  /** Where deliveries go; the default location of their day if null. */
  locationId: id("loc").nullable(),
  state: PurchaseState,
  /** How the supplier is told of this order: as the supplier stood when it was sent, or sent again. */
  channel: Channel,
  hooks: z.array(HookView),
  lines: z.array(z.object({ skuId: id("sku"), pieces: z.int(), receivedPieces: z.int() })),
  draftedAt: Instant,
  sentAt: Instant.nullable(),
  /** By the supplier's lead time; it is reminded afterwards. */
  dueAt: Instant.nullable(),
  acknowledgedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
});
export type PurchaseView = z.infer<typeof PurchaseView>;

export const PurchaseRefusals = refusals({
  PURCHASE_UNKNOWN: { status: 404, says: "There is no such purchase order." },
  PURCHASE_CLOSED: {
    status: 409,
    says: "This cannot be done with a purchase order in this state.",
    data: z.object({ state: PurchaseState }),
  },
});
const { PURCHASE_UNKNOWN, PURCHASE_CLOSED } = PurchaseRefusals;

export const PurchaseLines = z
  .array(z.strictObject({ skuId: id("sku"), pieces: Pieces }))
  .min(1)
  .max(100)
  .refine((lines) => new Set(lines.map(({ skuId }) => skuId)).size === lines.length, "a SKU is on two lines");
const Ref = z.strictObject({ purchaseId: id("pur") });
const draft = {
  attemptId: z.string().regex(/^[A-Za-z0-9._-]{1,120}$/),
  supplierId: id("spl"),
  locationId: id("loc").optional(),
  lines: PurchaseLines,
};
export const Purchase = service("Purchase", {
  /** Drafts a purchase order of the caller's. Nobody is told yet.
   *  Takes    attemptId, the caller's own; 1 to 100 lines with distinct SKUs
   *  Refuses  SUPPLIER_UNKNOWN, LOCATION_UNKNOWN, SKU_UNKNOWN, all also for somebody else's
   *  Repeats  same attemptId: the first draft stays */
  draft: step(z.strictObject(draft), PurchaseView, {
    who: "seller",
    refuses: [
      SupplierRefusals.SUPPLIER_UNKNOWN,
      LocationRefusals.LOCATION_UNKNOWN,
      StockRefusals.SKU_UNKNOWN,
    ],
    http: "POST /me/purchases",
  }),

  /** Drafts what a SKU's settings say, for a SKU that has fallen below its reorder point.
   *  Takes    dip, which of the SKU's
   *  Gives    false where the settings name no supplier and number, or one of the two is gone
   *  Repeats  same dip: one draft */
  propose: step(
    z.strictObject({ sellerId: id("acc"), skuId: id("sku"), dip: z.int().min(1) }),
    z.object({ isDrafted: z.boolean() }),
    { who: "module" },
  ),

  /** Sends a draft of the caller's to its supplier, by mail or webhook, and watches over it from then on.
   *  Refuses  PURCHASE_UNKNOWN, also for somebody else's; PURCHASE_CLOSED (cancelled)
   *  Repeats  nothing changes: one letter, or one message */
  send: op(Ref, PurchaseView, {
    who: "seller",
    refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED],
    http: "POST /me/purchases/{purchaseId}/send",
  }),

  /** Writes down that a purchase order was sent, and when it is due.
   *  Refuses  PURCHASE_UNKNOWN, PURCHASE_CLOSED
   *  Repeats  nothing changes */
  issue: step(Ref.extend({ sellerId: id("acc") }), PurchaseView, {
    who: "module",
    refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED],
  }),

  /** The supplier has said yes, and the caller writes it down.
   *  Refuses  PURCHASE_UNKNOWN, also for somebody else's; PURCHASE_CLOSED (a draft, or cancelled)
   *  Repeats  nothing changes */
  acknowledge: step(Ref, PurchaseView, {
    who: "seller",
    refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED],
    http: "POST /me/purchases/{purchaseId}/acknowledgement",
  }),

  /** The supplier says yes by itself.
   *  Takes    code, from the letter or the webhook
   *  Refuses  PURCHASE_UNKNOWN, also for a wrong code; PURCHASE_CLOSED (cancelled)
   *  Repeats  nothing changes */
  answer: step(Ref.extend({ code: z.string().regex(/^[0-9a-f]{32}$/) }), Done, {
    who: "anyone",
    refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED],
    http: "POST /purchases/{purchaseId}/answer",
  }),

  /** Awaits nothing more of a purchase order; its supplier is told, if it was sent. What came, stays.
   *  Refuses  PURCHASE_UNKNOWN, also for somebody else's; PURCHASE_CLOSED (received)
   *  Repeats  nothing changes */
  cancel: op(Ref, PurchaseView, {
    who: "seller",
    refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED],
    http: "POST /me/purchases/{purchaseId}/cancel",
  }),

  /** Writes down that nothing more is awaited.
   *  Gives    to whom a letter went, null if none did; whether the supplier's system has to be told
   *  Refuses  PURCHASE_UNKNOWN, PURCHASE_CLOSED
   *  Repeats  nothing changes */
  close: step(
    Ref.extend({ sellerId: id("acc") }),
    z.object({ view: PurchaseView, email: z.string().nullable(), isHooked: z.boolean() }),
    { who: "module", refuses: [PURCHASE_UNKNOWN, PURCHASE_CLOSED] },
  ),

  /** What a purchase order waits for: counts a reminder when it is overdue.
   *  Gives    how long it may be left alone; which reminder was the last, and what both sides need to be told
   *  Refuses  PURCHASE_UNKNOWN
   *  Repeats  nothing changes before its time */
  watch: step(
    Ref,
    z.object({
      isOver: z.boolean(),
      waitMs: z.int(),
      reminder: z.int(),
      sellerId: id("acc"),
      email: z.string(),
      code: z.string(),
      view: PurchaseView,
    }),
    { who: "module", refuses: [PURCHASE_UNKNOWN] },
  ),

  /** A purchase order of the caller's.
   *  Refuses  PURCHASE_UNKNOWN, also for somebody else's */
  find: read(Ref, PurchaseView, {
    who: "seller",
    refuses: [PURCHASE_UNKNOWN],
    http: "GET /me/purchases/{purchaseId}",
  }),

  /** The caller's purchase orders, newest first, by page. */
  list: read(z.strictObject({ ...pageFields }), page(PurchaseView), {
    who: "seller",
    http: "GET /me/purchases",
  }),
});
