/** One line of an order: its state, its money, and everything that may still become of it. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, Pieces } from "../_kit/word.ts";

export const LINE_COUNT_MAX = 100;

/** modules/order/line/states.ts has the one table of what leads from each state to which. */
export const LineState = z.enum([
  "awaiting_payment",
  "paid",
  "backordered",
  "confirmed",
  "rejected",
  "cancelled",
  "shipped",
  "delivered",
  "fulfilled",
  "refunding",
  "refunded",
]);
export type LineState = z.infer<typeof LineState>;

/** Why a line is where it is: stable, for machines and for support. */
export const LineReason = z.enum([
  "seller_rejected",
  "seller_silent",
  "buyer_cancelled",
  "stock_never_came",
  "carrier_silent",
  "parcel_lost",
  "parcel_returned",
  "claim_accepted",
  "chargeback_lost",
  "checkout_undone",
]);
export type LineReason = z.infer<typeof LineReason>;

/** What happens of itself when nobody does anything. */
export const NextAction = z.enum([
  "undo_checkout",
  "cancel_and_refund",
  "book_carrier",
  "escalate_handover",
  "escalate_transit",
  "count_as_lost",
  "pay_seller",
  "resolve_claim",
  "nothing",
]);
export type NextAction = z.infer<typeof NextAction>;

/** Some lines of one order; all that the caller may touch when absent. */
export const LineIds = z.array(id("lin")).min(1).max(LINE_COUNT_MAX);

/** How the lines stand after a change. `before` is the order's version that the change was made on. */
export const Standing = z.object({
  version: z.int(),
  changed: z.array(id("lin")),
  lines: z.array(z.object({ lineId: id("lin"), state: LineState, reason: LineReason.nullable() })),
});
export type Standing = z.infer<typeof Standing>;

const OrderRef = { orderId: id("ord") };
const Whose = { ...OrderRef, accountId: id("acc"), lineIds: LineIds.optional() };

/** Something that the order's workflow has to do now. Each is done once, under `key`. */
export const Duty = z.object({
  kind: z.enum([
    "expire",
    "remind_first",
    "remind_last",
    "give_back",
    "ship",
    "track",
    "escalate_handover",
    "escalate_transit",
    "count_as_lost",
    "release",
  ]),
  key: z.string(),
  lineIds: z.array(id("lin")),
  reason: LineReason.nullable(),
  shipmentId: id("shp").nullable(),
});
export type Duty = z.infer<typeof Duty>;

export const LineRefusals = refusals({
  LINE_UNKNOWN: { status: 404, says: "There is no such line in this order." },
  LINES_DECIDED: {
    status: 409,
    says: "Something else was decided about some of these lines before.",
    data: z.object({
      lines: z.array(z.object({ lineId: z.string(), state: LineState, reason: LineReason.nullable() })),
    }),
  },
  ORDER_DISPUTED: {
    status: 409,
    says: "The buyer's bank asks for this money back: nothing is sent out meanwhile.",
  },
});
const DECIDES = [LineRefusals.LINE_UNKNOWN, LineRefusals.LINES_DECIDED];

export const Line = service("Line", {
  /** The seller takes paid lines on: they will be sent.
   *  Takes    lineIds: all paid lines when absent; all of those named or none
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED, ORDER_DISPUTED
   *  Repeats  lines confirmed before stay so; nothing changes */
  confirm: step(z.strictObject(Whose), Standing, {
    who: "module",
    refuses: [...DECIDES, LineRefusals.ORDER_DISPUTED],
  }),

  /** The seller turns paid or backordered lines down.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  lines rejected before stay so; nothing changes */
  reject: step(z.strictObject({ ...Whose, note: z.string().max(500) }), Standing, {
    who: "module",
    refuses: DECIDES,
  }),

  /** The buyer takes lines back that the seller has not confirmed.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  lines cancelled before stay so; nothing changes */
  cancel: step(z.strictObject(Whose), Standing, { who: "module", refuses: DECIDES }),

  /** The buyer has the goods: shipped lines count as delivered.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  lines delivered before stay so; nothing changes */
  acknowledge: step(z.strictObject(Whose), Standing, { who: "module", refuses: DECIDES }),

  /** Stock for backordered lines has come: they are paid lines now, and the seller's turn begins.
   *  Repeats  nothing changes; a line that was cancelled meanwhile stays so */
  arrive: step(z.strictObject({ ...OrderRef, lineIds: LineIds }), Standing, { who: "module" }),

  /** Cancels what a deadline has passed for: paid lines of a silent seller, backordered lines, parcels nobody took.
   *  Repeats  nothing changes; a line that was decided in time stays so */
  expire: step(z.strictObject({ ...OrderRef, lineIds: LineIds }), Standing, { who: "module" }),

  /** What has to be done for an order now, and when to look again.
   *  Gives    version: the order's, so that news after it is not missed; isOver when nothing can become of it any more */
  duties: read(
    z.strictObject(OrderRef),
    z.object({
      version: z.int(),
      isOver: z.boolean(),
      duties: z.array(Duty),
      /** Null when only news can bring more to do. */
      waitMs: z.int().min(0).nullable(),
    }),
    { who: "module" },
  ),

  /** Writes down that a duty without other traces is done, e.g. a reminder.
   *  Repeats  nothing changes */
  note: step(z.strictObject({ ...OrderRef, key: z.string().max(120) }), Done, { who: "module" }),

  /** Takes the money of cancelled or rejected lines out of escrow, for their buyer.
   *  Gives    what goes back; the ledger's entry is made of it
   *  Repeats  same key: the same amounts */
  withdraw: step(
    z.strictObject({ ...OrderRef, key: z.string().max(120), lineIds: LineIds }),
    z.object({
      minor: z.int().min(0),
      skus: z.array(z.object({ lineId: id("lin"), skuId: id("sku"), pieces: Pieces })),
    }),
    { who: "module" },
  ),

  /** Takes the seller's share out of escrow: the window is over, and nothing speaks against it.
   *  Gives    amounts in the order's currency, and the seller's in the seller's own
   *  Repeats  same key: the same amounts */
  release: step(
    z.strictObject({ ...OrderRef, key: z.string().max(120), lineIds: LineIds }),
    z.object({
      sellerId: id("acc"),
      grossMinor: z.int().min(0),
      commissionMinor: z.int().min(0),
      currency: z.string(),
      sellerMinor: z.int().min(0),
      sellerCurrency: z.string(),
    }),
    { who: "module" },
  ),
  /** When each line's next automatic action is due, for people.
   *  Gives    at: null where only a person or the outside can move it */
  next: read(
    z.strictObject({ orderIds: z.array(id("ord")).min(1).max(100) }),
    z.object({
      lines: z.array(z.object({ lineId: id("lin"), action: NextAction, at: Instant.nullable() })),
    }),
    { who: "module" },
  ),
});
