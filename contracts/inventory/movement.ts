/** One change of one level: the words that levels, shelves and stocktakes share. */
import { z } from "zod";
import { id } from "../_kit/id.ts";
import { Instant } from "../_kit/time.ts";

/**
 * `serve`: sold to a line that waited, by its id. `return`: a sale that was taken back. `adjust`: put right by hand.
 * `move_out` and `move_in`: the two halves of a transfer. `count`: put right by a stocktake.
 */
export const MovementReason = z.enum([
  "receive",
  "reserve",
  "release",
  "commit",
  "restock",
  "expire",
  "serve",
  "return",
  "adjust",
  "move_out",
  "move_in",
  "count",
]);
export type MovementReason = z.infer<typeof MovementReason>;

/** Why a level was put right by hand. */
export const AdjustCause = z.enum(["damaged", "lost", "found", "returned_to_supplier", "correction"]);
export type AdjustCause = z.infer<typeof AdjustCause>;

export const Movement = z.object({
  movementId: id("mov"),
  skuId: id("sku"),
  reason: MovementReason,
  onHandDelta: z.int(),
  heldDelta: z.int(),
  soldDelta: z.int(),
  /** The hold, receipt, line, cancellation, adjustment, transfer or stocktake that moved it. */
  reference: z.string(),
  /** The account or the module that asked for it. */
  actor: z.string(),
  /** Where pieces came or went; null where none did. */
  locationId: id("loc").nullable(),
  cause: AdjustCause.nullable(),
  movedAt: Instant,
});
