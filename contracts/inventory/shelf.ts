/** How many pieces of a SKU lie at which location. Over all locations they are its level's pieces on hand. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { LocationRefusals } from "./location.ts";
import { AdjustCause } from "./movement.ts";
import { Level, StockRefusals } from "./stock.ts";

/** `standing = onHand - picked`: what somebody who counts there finds. */
export const ShelfView = z.object({
  locationId: id("loc"),
  /** Booked here; those that were sold and sent stay booked. */
  onHand: z.int(),
  /** Sold, and taken off the shelf for a parcel. */
  picked: z.int(),
  standing: z.int(),
});
export type ShelfView = z.infer<typeof ShelfView>;
const Shelves = z.object({ skuId: id("sku"), shelves: z.array(ShelfView) });

export const ShelfRefusals = refusals({
  PIECES_SHORT: {
    status: 409,
    says: "There are not so many pieces there that nobody has spoken for.",
    data: z.object({ available: z.int(), standing: z.int() }),
  },
  ADJUSTMENT_DIFFERS: { status: 409, says: "Another adjustment was booked under this id." },
  TRANSFER_DIFFERS: { status: 409, says: "Another transfer was booked under this id." },
});

const reference = z.string().regex(/^[A-Za-z0-9._-]{1,80}$/);
const PiecesMoved = z.int().min(1).max(1_000_000);
const adjustment = {
  adjustmentId: reference,
  skuId: id("sku"),
  delta: z
    .int()
    .min(-1_000_000)
    .max(1_000_000)
    .refine((delta) => delta !== 0, "must not be zero"),
  cause: AdjustCause,
  /** The seller's default location if absent. */
  locationId: id("loc").optional(),
};

export const Shelf = service("Shelf", {
  /** Puts the level of a SKU of the caller's right by hand. More pieces go first to the lines that wait for them.
   *  Takes    adjustmentId, the caller's own; delta, above or below zero; cause
   *  Gives    the level after it
   *  Refuses  SKU_UNKNOWN and LOCATION_UNKNOWN, also for somebody else's; PIECES_SHORT (held, sold or not there); ADJUSTMENT_DIFFERS
   *  Repeats  same adjustmentId, same adjustment: booked once */
  adjust: op(z.strictObject(adjustment), Level, {
    who: "seller",
    refuses: [
      StockRefusals.SKU_UNKNOWN,
      LocationRefusals.LOCATION_UNKNOWN,
      ShelfRefusals.PIECES_SHORT,
      ShelfRefusals.ADJUSTMENT_DIFFERS,
    ],
    http: "POST /skus/{skuId}/adjustments",
  }),

  /** Books an adjustment on a SKU of this seller's.
   *  Gives    the level after it
   *  Refuses  SKU_UNKNOWN, LOCATION_UNKNOWN, PIECES_SHORT, ADJUSTMENT_DIFFERS
   *  Repeats  same adjustmentId, same adjustment: booked once */
  correct: step(z.strictObject({ sellerId: id("acc"), ...adjustment }), Level, {
    who: "module",
    refuses: [
      StockRefusals.SKU_UNKNOWN,
      LocationRefusals.LOCATION_UNKNOWN,
      ShelfRefusals.PIECES_SHORT,
      ShelfRefusals.ADJUSTMENT_DIFFERS,
    ],
  }),

  /** Moves pieces of a SKU of the caller's from one location to another. No level changes.
   *  Takes    transferId, the caller's own
   *  Gives    the shelves after it
   *  Refuses  SKU_UNKNOWN and LOCATION_UNKNOWN, also for somebody else's; PIECES_SHORT; TRANSFER_DIFFERS
   *  Repeats  same transferId, same transfer: moved once */
  transfer: step(
    z
      .strictObject({
        transferId: reference,
        skuId: id("sku"),
        fromId: id("loc"),
        toId: id("loc"),
        pieces: PiecesMoved,
      })
      .refine(({ fromId, toId }) => fromId !== toId, "must go somewhere else"),
    Shelves,
    {
      who: "seller",
      refuses: [
        StockRefusals.SKU_UNKNOWN,
        LocationRefusals.LOCATION_UNKNOWN,
        ShelfRefusals.PIECES_SHORT,
        ShelfRefusals.TRANSFER_DIFFERS,
      ],
      http: "POST /skus/{skuId}/transfers",
    },
  ),

  /** Where the pieces of a SKU of the caller's lie.
   *  Refuses  SKU_UNKNOWN, also for somebody else's */
  list: read(z.strictObject({ skuId: id("sku") }), Shelves, {
    who: "seller",
    refuses: [StockRefusals.SKU_UNKNOWN],
    http: "GET /skus/{skuId}/shelves",
  }),
});
