/** How many pieces there are, how many are spoken for, and every reason why. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { page, pageFields } from "../_kit/page.ts";
import { CommonRefusals, refusals } from "../_kit/refusal.ts";
import { Instant, MINUTE_MS } from "../_kit/time.ts";
import { Done, Pieces, text } from "../_kit/word.ts";
import { LocationRefusals } from "./location.ts";
import { Movement } from "./movement.ts";

/** A hold outlives the payment window, so that a payment at its last moment still finds its pieces. */
export const HOLD_MS = 15 * MINUTE_MS;
export const HOLD_LINE_COUNT_MAX = 100;

/** `available`: what may be sold, onHand - held - sold less the safety stock; none of them is ever below zero. */
export const Level = z.object({
  skuId: id("sku"),
  available: z.int(),
  onHand: z.int(),
  held: z.int(),
  sold: z.int(),
});
export type Level = z.infer<typeof Level>;

export const HoldLine = z.strictObject({
  skuId: id("sku"),
  pieces: Pieces,
  /** The buyer would wait for this line, whole, if there are not enough pieces and its seller allows that. */
  backorder: z.strictObject({ orderId: id("ord"), lineId: id("lin") }).optional(),
});
export const Hold = z.object({
  holdId: id("hld"),
  expiresAt: Instant,
  /** The SKUs of the lines that wait for stock; nothing is held of them. */
  backordered: z.array(id("sku")),
});
export type Hold = z.infer<typeof Hold>;

export const StockRefusals = refusals({
  OUT_OF_STOCK: {
    status: 409,
    says: "There are not enough pieces left.",
    data: z.object({
      short: z.array(z.object({ skuId: z.string(), wanted: z.int(), available: z.int() })),
    }),
  },
  SKU_UNKNOWN: {
    status: 404,
    says: "There is no stock level for this SKU.",
    data: z.object({ skuIds: z.array(z.string()) }),
  },
  HOLD_GONE: {
    status: 409,
    says: "The pieces set aside were given back: the time to pay is over or the checkout was undone.",
    data: z.object({ state: z.string() }),
  },
  HOLD_DIFFERS: { status: 409, says: "Another hold was made under this id." },
  RECEIPT_DIFFERS: { status: 409, says: "Another receipt was booked under this id." },
});

const HoldRef = z.strictObject({ holdId: id("hld") });
const receipt = {
  receiptId: z.string().regex(/^[A-Za-z0-9._-]{1,80}$/),
  skuId: id("sku"),
  pieces: z.int().min(1).max(1_000_000),
  /** Where they arrived; the seller's default location if absent. */
  locationId: id("loc").optional(),
};

export const Stock = service("Stock", {
  /** Opens the levels of new SKUs at zero, for their seller, who gets a default location with the first.
   *  Takes    1 to 100 SKUs
   *  Repeats  nothing changes */
  open: step(z.strictObject({ sellerId: id("acc"), skuIds: z.array(id("sku")).min(1).max(100) }), Done, {
    who: "module",
  }),

  /** Books pieces of the caller's own SKU that have arrived, and gives them first to the lines that wait for them.
   *  Takes    receiptId, the caller's own: a delivery note, say
   *  Gives    the level after it
   *  Refuses  SKU_UNKNOWN and LOCATION_UNKNOWN, also for somebody else's; RECEIPT_DIFFERS
   *  Repeats  same receiptId, same pieces, same place: booked once */
  receive: op(z.strictObject(receipt), Level, {
    who: "seller",
    refuses: [StockRefusals.SKU_UNKNOWN, LocationRefusals.LOCATION_UNKNOWN, StockRefusals.RECEIPT_DIFFERS],
    http: "POST /skus/{skuId}/receipts",
  }),

  /** Books a receipt on a SKU of this seller's.
   *  Gives    the level after it
   *  Refuses  SKU_UNKNOWN and LOCATION_UNKNOWN, also for somebody else's; RECEIPT_DIFFERS
   *  Repeats  same receiptId, same pieces, same place: booked once */
  book: step(z.strictObject({ sellerId: id("acc"), ...receipt }), Level, {
    who: "module",
    refuses: [StockRefusals.SKU_UNKNOWN, LocationRefusals.LOCATION_UNKNOWN, StockRefusals.RECEIPT_DIFFERS],
  }),

  /** Sets pieces aside for one purchase, all of them or none; a line that may be backordered waits where it is short.
   *  Takes    1 to 100 lines with distinct SKUs, 1 to 9,999 pieces each
   *  Gives    expiresAt, UTC, now + 15 min; the SKUs that wait, see Backorder
   *  Refuses  OUT_OF_STOCK, SKU_UNKNOWN, HOLD_GONE (its release came first), HOLD_DIFFERS, BUSY
   *  Repeats  same holdId: the same hold
   *  Undo     release */
  reserve: step(
    z.strictObject({ holdId: id("hld"), lines: z.array(HoldLine).min(1).max(HOLD_LINE_COUNT_MAX) }),
    Hold,
    {
      who: "module",
      undo: "release",
      refuses: [
        StockRefusals.OUT_OF_STOCK,
        StockRefusals.SKU_UNKNOWN,
        StockRefusals.HOLD_GONE,
        StockRefusals.HOLD_DIFFERS,
        CommonRefusals.BUSY,
      ],
    },
  ),

  /** Gives a hold's pieces back, and its waiting lines up. Of a hold that never was it leaves a tombstone, which makes a late reserve refuse.
   *  Repeats  nothing changes; a committed hold stays committed */
  release: step(HoldRef, Done, { who: "module" }),

  /** Turns held pieces into sold ones.
   *  Refuses  HOLD_GONE
   *  Repeats  nothing changes
   *  Undo     restock */
  commit: step(HoldRef, Done, { who: "module", undo: "restock", refuses: [StockRefusals.HOLD_GONE] }),

  /** Takes a commit back: sold pieces are held again, until released or expired. Refuses a late commit by tombstone.
   *  Repeats  nothing changes; of a hold that was not committed: release */
  restock: step(HoldRef, Done, { who: "module" }),

  /** Takes the sale of some pieces back: a line that waits is given up, wholly or by so many; what was sold is there again.
   *  Takes    reference, e.g. of a cancellation or a refund; 1 to 100 lines with distinct SKUs
   *  Repeats  same reference and SKU: taken back once, the first stays */
  unsell: step(
    z.strictObject({
      reference: text(120),
      lines: z
        .array(z.strictObject({ lineId: id("lin"), skuId: id("sku"), pieces: Pieces }))
        .min(1)
        .max(HOLD_LINE_COUNT_MAX),
    }),
    Done,
    { who: "module" },
  ),

  /** Gives back the pieces of holds whose time is over, oldest first.
   *  Takes    limit 1 to 1,000 holds
   *  Gives    how many it gave back
   *  Repeats  takes the next ones; two at once never take the same */
  expire: step(z.strictObject({ limit: z.int().min(1).max(1_000) }), z.object({ expiredCount: z.int() }), {
    who: "module",
  }),

  /** The level of one SKU.
   *  Refuses  SKU_UNKNOWN */
  level: read(z.strictObject({ skuId: id("sku") }), Level, {
    who: "anyone",
    refuses: [StockRefusals.SKU_UNKNOWN],
    http: "GET /skus/{skuId}/level",
  }),

  /** The movements of one SKU of the caller's, newest first, by page.
   *  Refuses  SKU_UNKNOWN, also for somebody else's */
  movements: read(z.strictObject({ skuId: id("sku"), ...pageFields }), page(Movement), {
    who: "seller",
    refuses: [StockRefusals.SKU_UNKNOWN],
    http: "GET /skus/{skuId}/movements",
  }),

  /** The standing invariant: SKUs whose level is not the sum of their movements and holds, whose pieces do not lie where
   *  movements and picks say, or whose lines have other numbers than pieces.
   *  Gives    an empty list, or an alarm; misnumbered, absent if there are none: SKUs whose pieces are to be numbered and
   *           that have more or fewer numbers than pieces, which is their seller's to see to */
  audit: read(
    z.strictObject({}),
    z.object({ drifted: z.array(z.string()), misnumbered: z.array(z.string()).optional() }),
    { who: "operator" },
  ),
});
