/** Serial numbers: which piece of a SKU went with which line of an order. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, Pieces, text } from "../_kit/word.ts";
import { StockRefusals } from "./stock.ts";

export const SERIAL_COUNT_MAX = 1_000;

/** What is printed on the piece; unique within its SKU. */
export const SerialNumber = text(64);
/** `returned`: came back from a buyer, and is not sold before its seller says so. `void`: never again. */
export const SerialState = z.enum(["free", "taken", "shipped", "returned", "damaged", "void"]);
export type SerialState = z.infer<typeof SerialState>;

/** What a seller says of a piece: `restore` puts it on sale again. */
export const SerialVerdict = z.enum(["restore", "damage", "void"]);
export const SerialEvent = z.enum(["add", "take", "ship", "putBack", ...SerialVerdict.options]);
export type SerialEvent = z.infer<typeof SerialEvent>;

/** One serial number from its receipt to its buyer. */
export const SerialTrace = z.object({
  skuId: id("sku"),
  serial: z.string(),
  state: SerialState,
  lineId: id("lin").nullable(),
  /** What it came with, if that was said. */
  receipt: z
    .object({ receiptId: z.string(), pieces: z.int(), locationId: id("loc"), receivedAt: Instant })
    .nullable(),
  /** Oldest first. */
  events: z.array(
    z.object({
      event: SerialEvent,
      state: SerialState,
      lineId: id("lin").nullable(),
      note: z.string().nullable(),
      actor: z.string(),
      at: Instant,
    }),
  ),
});
export type SerialTrace = z.infer<typeof SerialTrace>;

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
  SERIAL_UNKNOWN: {
    status: 404,
    says: "There is no such serial number of this SKU.",
    data: z.object({ serials: z.array(z.string()) }),
  },
  SERIAL_BUSY: {
    status: 409,
    says: "This cannot be said of a piece in this state.",
    data: z.object({ serials: z.array(z.object({ serial: z.string(), state: SerialState })) }),
  },
  RECEIPT_UNKNOWN: { status: 404, says: "There is no such receipt of this SKU." },
  SERIALS_GONE: { status: 409, says: "The serial numbers of this line were put back before." },
});

const LineRef = z.strictObject({ lineId: id("lin") });

export const Serial = service("Serial", {
  /** Adds serial numbers to a SKU of the caller's.
   *  Takes    1 to 1,000 of them; receiptId, what they came with
   *  Gives    how many of the SKU are free now
   *  Refuses  SKU_UNKNOWN, also for somebody else's; RECEIPT_UNKNOWN
   *  Repeats  nothing changes */
  add: step(
    z.strictObject({
      skuId: id("sku"),
      serials: z.array(SerialNumber).min(1).max(SERIAL_COUNT_MAX),
      receiptId: text(80).optional(),
    }),
    z.object({ freeCount: z.int() }),
    {
      who: "seller",
      refuses: [StockRefusals.SKU_UNKNOWN, SerialRefusals.RECEIPT_UNKNOWN],
      http: "POST /skus/{skuId}/serials",
    },
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

  /** Frees the serial numbers of a line; those that were shipped have returned, and wait for their seller's word. Of a
   *  line that took none it leaves a tombstone: a late take is refused.
   *  Repeats  nothing changes */
  putBack: step(LineRef, Done, { who: "module" }),

  /** The serial numbers of some lines leave the seller.
   *  Takes    1 to 100 lines; of one that took none nothing changes
   *  Repeats  nothing changes */
  ship: step(z.strictObject({ lineIds: z.array(id("lin")).min(1).max(100) }), Done, { who: "module" }),

  /** A seller's word about pieces that no buyer has: on sale again, damaged, or gone. Of all of them, or of none.
   *  Takes    1 to 100 serial numbers; note, up to 200 characters
   *  Refuses  SKU_UNKNOWN, also for somebody else's; SERIAL_UNKNOWN; SERIAL_BUSY
   *  Repeats  nothing changes */
  mark: step(
    z.strictObject({
      skuId: id("sku"),
      serials: z.array(SerialNumber).min(1).max(100),
      verdict: SerialVerdict,
      note: text(200).optional(),
    }),
    z.object({ serials: z.array(z.object({ serial: z.string(), state: SerialState })) }),
    {
      who: "seller",
      refuses: [StockRefusals.SKU_UNKNOWN, SerialRefusals.SERIAL_UNKNOWN, SerialRefusals.SERIAL_BUSY],
      http: "POST /skus/{skuId}/serials/verdicts",
    },
  ),

  /** One serial number of a SKU of the caller's, from its receipt to its buyer.
   *  Refuses  SKU_UNKNOWN, also for somebody else's; SERIAL_UNKNOWN */
  trace: read(z.strictObject({ skuId: id("sku"), serial: SerialNumber }), SerialTrace, {
    who: "seller",
    refuses: [StockRefusals.SKU_UNKNOWN, SerialRefusals.SERIAL_UNKNOWN],
    http: "GET /skus/{skuId}/serials/{serial}",
  }),

  /** The serial numbers that went with some lines, by line in the order asked.
   *  Takes    1 to 100 lines */
  ofLines: read(
    z.strictObject({ lineIds: z.array(id("lin")).min(1).max(100) }),
    z.object({ lines: z.array(z.object({ lineId: id("lin"), serials: z.array(z.string()) })) }),
    { who: "module" },
  ),
});
