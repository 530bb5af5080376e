/** What becomes of one order after it was paid: the workflow that never forgets it, until nothing can become of it any more. */
import { z } from "zod";
import { op, run, workflow } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Done, Nothing, prose } from "../_kit/word.ts";
import { CarrierChoice, ParcelView } from "./carriage.ts";
import { LineIds, LineRefusals, Standing } from "./line.ts";
import { PackingRefusals } from "./packing.ts";
import { ShipmentRefusals } from "./shipment.ts";

const Some = { lineIds: LineIds.optional() };
const { LINE_UNKNOWN, LINES_DECIDED, ORDER_DISPUTED } = LineRefusals;
const { NOTHING_WAITS } = PackingRefusals;
const { CARRIER_SPEAKS } = ShipmentRefusals;

export const Fulfilment = workflow("Fulfilment", {
  /** Waits for the seller, sends the parcels off, follows them, pays the seller; cancels and refunds what nobody took care of.
   *  Takes    the key: the order's id
   *  Gives    nothing: whoever knows its key can read a workflow's result at the ingress
   *  Source   README, what the shop does by itself */
  run: run(Nothing, Done, { who: "module" }),

  /** The seller takes paid lines on, all when none are named; `carrier` instead of the one the buyer was quoted.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED, ORDER_DISPUTED
   *  Repeats  one confirm */
  confirm: op(z.strictObject({ ...Some, carrier: CarrierChoice.optional() }), Standing, {
    who: "seller",
    refuses: [LINE_UNKNOWN, LINES_DECIDED, ORDER_DISPUTED],
    http: "POST /orders/{orderId}/confirm",
  }),

  /** The seller turns paid or backordered lines down; their buyer gets the money back.
   *  Takes    note: for the buyer, up to 500 characters
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  nothing changes */
  reject: op(z.strictObject({ ...Some, note: prose(500) }), Standing, {
    who: "seller",
    refuses: [LINE_UNKNOWN, LINES_DECIDED],
    http: "POST /orders/{orderId}/reject",
  }),

  /** The buyer takes lines back that the seller has not confirmed; all of them when none are named.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  nothing changes */
  cancel: op(z.strictObject(Some), Standing, {
    who: "account",
    refuses: [LINE_UNKNOWN, LINES_DECIDED],
    http: "POST /orders/{orderId}/cancel",
  }),

  /** The buyer has the goods.
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED
   *  Repeats  nothing changes */
  acknowledge: op(z.strictObject(Some), Standing, {
    who: "account",
    refuses: [LINE_UNKNOWN, LINES_DECIDED],
    http: "POST /orders/{orderId}/receipt",
  }),

  /** The seller sends what waits for a carrier by another one.
   *  Refuses  LINE_UNKNOWN for somebody else's order, NOTHING_WAITS
   *  Repeats  the same carrier: nothing changes */
  repick: op(CarrierChoice, z.object({ parcels: z.array(ParcelView) }), {
    who: "seller",
    refuses: [LINE_UNKNOWN, NOTHING_WAITS],
    http: "POST /orders/{orderId}/carrier",
  }),

  /** The seller has handed parcels over, where the shop has no carriers.
   *  Takes    isDelivered: the buyer has them
   *  Refuses  LINE_UNKNOWN, also for somebody else's order, LINES_DECIDED, CARRIER_SPEAKS
   *  Repeats  nothing changes */
  handOver: op(z.strictObject({ ...Some, isDelivered: z.boolean().optional() }), Standing, {
    who: "seller",
    refuses: [LINE_UNKNOWN, LINES_DECIDED, CARRIER_SPEAKS],
    http: "POST /orders/{orderId}/handover",
  }),

  /** Stock has come for a backordered line.
   *  Repeats  nothing changes */
  stocked: op(z.strictObject({ lineId: id("lin") }), Done, { who: "module" }),

  /** Something has changed on version `version` of the order: the run looks again.
   *  Repeats  nothing changes */
  news: op(z.strictObject({ version: z.int().min(0) }), Done, { who: "module" }),
});
