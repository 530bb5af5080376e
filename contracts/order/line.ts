/** One line of an order: its state, its money, and everything that may still become of it. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { prose } from "../_kit/word.ts";
import { CarrierChoice } from "./carriage.ts";

export const LINE_COUNT_MAX = 100;

/** modules/order/_kit/states.ts has the one table of what leads from each state to which. */
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

/** How the lines stand after a change; `version` is the order's that it was made on, in every repeat. */
export const Standing = z.object({
  version: z.int(),
  changed: z.array(id("lin")),
  lines: z.array(z.object({ lineId: id("lin"), state: LineState, reason: LineReason.nullable() })),
});
export type Standing = z.infer<typeof Standing>;

const OrderRef = { orderId: id("ord") };
/** Some lines of one order, of whoever asks. */
const Whose = { ...OrderRef, accountId: id("acc"), lineIds: LineIds.optional() };

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
const { LINE_UNKNOWN, LINES_DECIDED, ORDER_DISPUTED } = LineRefusals;

export const Line = service("Line", {
  /** The seller takes paid lines on: they will be sent, together in one parcel.
   *  Takes    lineIds: all paid lines when absent; all of those named or none; carrier instead of the one quoted
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED, ORDER_DISPUTED
   *  Repeats  lines confirmed before stay so; nothing changes */
  confirm: step(z.strictObject({ ...Whose, carrier: CarrierChoice.optional() }), Standing, {
    who: "module",
    refuses: [LINE_UNKNOWN, LINES_DECIDED, ORDER_DISPUTED],
  }),

  /** The seller turns paid or backordered lines down.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  lines rejected before stay so; nothing changes */
  reject: step(z.strictObject({ ...Whose, note: prose(500) }), Standing, {
    who: "module",
    refuses: [LINE_UNKNOWN, LINES_DECIDED],
  }),

  /** The buyer takes lines back that the seller has not confirmed.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  lines cancelled before stay so; nothing changes */
  cancel: step(z.strictObject(Whose), Standing, { who: "module", refuses: [LINE_UNKNOWN, LINES_DECIDED] }),

  /** The buyer has the goods: lines on their way count as delivered, and the escrow window begins.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  lines delivered before stay so; nothing changes */
  acknowledge: step(z.strictObject(Whose), Standing, {
    who: "module",
    refuses: [LINE_UNKNOWN, LINES_DECIDED],
  }),

  /** Stock for backordered lines has come: they are paid lines now, and the seller's turn begins.
   *  Repeats  nothing changes; a line that was cancelled meanwhile stays so */
  arrive: step(z.strictObject({ ...OrderRef, lineIds: LineIds }), Standing, { who: "module" }),

  /** Cancels what nobody took care of in time: lines of a silent seller, stock that never came, parcels that were never
   *  fetched, that are lost or came back. Whether the time is over is judged here.
   *  Repeats  nothing changes; a line that was decided in time stays so */
  expire: step(z.strictObject({ ...OrderRef, lineIds: LineIds }), Standing, { who: "module" }),

  /** What happens of itself next to each line of some orders, for people.
   *  Takes    1 to 100 orders
   *  Gives    at: null where only a person or the outside can move it */
  next: read(
    z.strictObject({ orderIds: z.array(id("ord")).min(1).max(100) }),
    z.object({
      lines: z.array(z.object({ lineId: id("lin"), action: NextAction, at: Instant.nullable() })),
    }),
    { who: "module" },
  ),
});
