/** Lines that wait for stock. `Stock/reserve` gives each its place; pieces that arrive go to them in that order. */
import { z } from "zod";
import { op, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Done, text } from "../_kit/word.ts";

/** So many are served in one transaction; who gets as many asks for the next ones. */
export const SERVED_COUNT_MAX = 200;

/** Waiting lines of an order that got their pieces. */
export const ServedLine = z.object({ orderId: id("ord"), lineId: id("lin") });

const skuIds = z.array(id("sku")).min(1).max(100);

export const Backorder = service("Backorder", {
  /** Lets the waiting lines of an order into the queue, once its sale is certain, and serves those that it can.
   *  Takes    orderId, as told to Stock/reserve; their hold is committed and will not be undone
   *  Repeats  nothing changes; whom it served is told again */
  admit: op(z.strictObject({ orderId: id("ord") }), Done, { who: "module" }),

  /** Gives pieces that are there again to the lines that wait for them, and tells their orders' Fulfilment.
   *  Takes    1 to 100 SKUs, e.g. those of a sale that was taken back
   *  Repeats  serves whoever can be served by now; nobody twice */
  allot: op(z.strictObject({ skuIds }), Done, { who: "module" }),

  /** Lets the waiting lines of an order into the queue. Their place is the one that they got by Stock/reserve.
   *  Takes    orderId; lines whose hold is not committed stay outside
   *  Gives    the SKUs of its lines that are in the queue or were served
   *  Repeats  nothing changes */
  enqueue: step(z.strictObject({ orderId: id("ord") }), z.object({ skuIds: z.array(id("sku")) }), {
    who: "module",
  }),

  /** Sells pieces to the lines in the queue, first come, first served, each SKU until one does not fit.
   *  Takes    reference of who asks; 1 to 100 SKUs
   *  Gives    the lines served under this reference, 200 at most: then there may be more, under another
   *  Repeats  same reference: the same lines, and those that can be served by now; a line is served once */
  serve: step(
    z.strictObject({ reference: text(120), skuIds }),
    z.object({ served: z.array(ServedLine), isFull: z.boolean() }),
    { who: "module" },
  ),
});
