/** Serial numbers: which piece of a SKU went with which line of an order. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { Done, Pieces, text } from "../_kit/word.ts";
import { StockRefusals } from "./stock.ts";

export const SERIAL_COUNT_MAX = 1_000;

/** What is printed on the piece; unique within its SKU. */
export const SerialNumber = text(64);
export const SerialState = z.enum(["free", "taken"]);
export const SerialView = z.object({
  serial: z.string(),
  state: SerialState,
  /** The line it went with. */
  lineId: id("lin").nullable(),
});

export const SerialRefusals = refusals({
  SERIALS_SHORT: {
    status: 409,
    says: "There are not enough serial numbers for these pieces: add them first.",
    data: z.object({ needed: z.int(), free: z.int() }),
  },
  SERIALS_GONE: { status: 409, says: "The serial numbers of this line were put back before." },
});

const LineRef = z.strictObject({ lineId: id("lin") });

export const Serial = service("Serial", {
  /** Adds serial numbers to a SKU of the caller's.
   *  Takes    1 to 1,000 of them
   *  Gives    how many of the SKU are free now
   *  Refuses  SKU_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  add: step(
    z.strictObject({ skuId: id("sku"), serials: z.array(SerialNumber).min(1).max(SERIAL_COUNT_MAX) }),
    z.object({ freeCount: z.int() }),
    { who: "seller", refuses: [StockRefusals.SKU_UNKNOWN], http: "POST /skus/{skuId}/serials" },
  ),

  /** The serial numbers of a SKU of the caller's, oldest first, by page.
   *  Refuses  SKU_UNKNOWN, also for somebody else's */
  list: read(z.strictObject({ skuId: id("sku"), ...pageFields }), page(SerialView), {
    who: "seller",
    refuses: [StockRefusals.SKU_UNKNOWN],
    http: "GET /skus/{skuId}/serials",
  }),

  /** Takes a serial number for each piece of a line, oldest first; none where the SKU needs none.
   *  Takes    1 to 9,999 pieces
   *  Refuses  SERIALS_SHORT, SERIALS_GONE (its putBack came first)
   *  Repeats  same lineId: the same serial numbers
   *  Undo     putBack */
  take: step(
    z.strictObject({ lineId: id("lin"), skuId: id("sku"), pieces: Pieces }),
    z.object({ serials: z.array(z.string()) }),
    {
      who: "module",
      undo: "putBack",
      refuses: [SerialRefusals.SERIALS_SHORT, SerialRefusals.SERIALS_GONE],
    },
  ),

  /** Frees the serial numbers of a line. Of a line that took none it leaves a tombstone: a late take is refused.
   *  Repeats  nothing changes */
  putBack: step(LineRef, Done, { who: "module" }),

  /** The serial numbers that went with some lines, by line in the order asked.
   *  Takes    1 to 100 lines */
  ofLines: read(
    z.strictObject({ lineIds: z.array(id("lin")).min(1).max(100) }),
    z.object({ lines: z.array(z.object({ lineId: id("lin"), serials: z.array(z.string()) })) }),
    { who: "module" },
  ),
});
