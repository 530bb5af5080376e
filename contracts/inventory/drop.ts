/** A drop: few pieces, many who want them, one moment. What it is, how it stands, and how its places are drawn. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { DAY_MS, Instant, SECOND_MS } from "../_kit/time.ts";
import { Done, Pieces } from "../_kit/word.ts";
import { HOLD_MS, StockRefusals } from "./stock.ts";

export const DROP_SKU_COUNT_MAX = 20;
export const WAITING_MAX = 1_000_000;
/** Who is admitted has so long to begin a checkout, unless the drop says otherwise. */
export const DROP_WINDOW_MS = HOLD_MS;

/** `queue`: who comes first is served first. `draw`: who came in time waits for the draw, and all had the same chance. */
export const Room = z.enum(["queue", "draw"]);
/** scheduled: to come; open: takes entries; over: takes none any more; closed: what was left is on the shelf again. */
export const Phase = z.enum(["scheduled", "open", "over", "closed", "withdrawn"]);

const OfferedSku = z.strictObject({
  skuId: id("sku"),
  units: Pieces,
  price: Price,
  /** So many pieces may be waited for when all are taken; they come to who waits as others give theirs back. */
  waiting: z.int().min(0).max(WAITING_MAX),
});
const terms = {
  dropId: id("drp"),
  skus: z.array(OfferedSku).min(1).max(DROP_SKU_COUNT_MAX),
  startsAt: Instant,
  endsAt: Instant,
  /** When the places of a `draw` are drawn: nobody can enter from then on. */
  drawsAt: Instant.optional(),
  room: Room,
  /** Pieces that one account may have in all. */
  limit: z.int().min(1).max(100),
  windowMs: z.int().min(SECOND_MS).max(DAY_MS).optional(),
};

/** `left = units - taken - sold`. */
export const DropSku = z.object({
  skuId: id("sku"),
  price: Price,
  units: z.int(),
  left: z.int(),
  waiting: z.int(),
  sold: z.int(),
});
export const DropView = z.object({
  dropId: id("drp"),
  sellerId: id("acc"),
  phase: Phase,
  skus: z.array(DropSku),
  startsAt: Instant,
  endsAt: Instant,
  drawsAt: Instant.nullable(),
  room: Room,
  limit: z.int(),
  windowMs: z.int(),
  /** SHA-256 of the seed, hex: told before anybody enters. */
  seedHash: z.string(),
  /** Told once the places are drawn: they are in the order of SHA-256(seed + ":" + ticketId), hex. */
  seed: z.string().nullable(),
});
export type DropView = z.infer<typeof DropView>;

export const Entry = z.object({ ticketId: id("tkt"), skuId: id("sku"), pieces: z.int(), position: z.int() });

export const DropRefusals = refusals({
  DROP_UNKNOWN: { status: 404, says: "There is no such drop." },
  DROP_DIFFERS: { status: 409, says: "Another drop was announced under this id." },
  DROP_TIMES_WRONG: { status: 422, says: "A drop ends after it starts, and is drawn in between." },
  DROP_BEGUN: { status: 409, says: "The drop has begun: it can only run to its end." },
});

const DropRef = z.strictObject({ dropId: id("drp") });

export const Drop = service("Drop", {
  /** Announces a drop of the caller's own SKUs and takes its units off the shelf.
   *  Takes    dropId, fresh; 1 to 20 distinct SKUs; windowMs 1 s to 1 day, 15 min where absent
   *  Refuses  DROP_DIFFERS, DROP_TIMES_WRONG, OUT_OF_STOCK, SKU_UNKNOWN, also for somebody else's
   *  Repeats  same dropId, same terms: the same drop */
  announce: step(z.strictObject(terms), DropView, {
    who: "seller",
    refuses: [
      DropRefusals.DROP_DIFFERS,
      DropRefusals.DROP_TIMES_WRONG,
      StockRefusals.OUT_OF_STOCK,
      StockRefusals.SKU_UNKNOWN,
    ],
    http: "POST /drops",
  }),

  /** Takes a drop of the caller's back before it begins: its units are on the shelf again.
   *  Refuses  DROP_UNKNOWN, also for somebody else's; DROP_BEGUN
   *  Repeats  nothing changes */
  withdraw: step(DropRef, Done, {
    who: "seller",
    refuses: [DropRefusals.DROP_UNKNOWN, DropRefusals.DROP_BEGUN],
    http: "POST /drops/{dropId}/withdraw",
  }),

  /** How a drop stands.
   *  Refuses  DROP_UNKNOWN */
  view: read(DropRef, DropView, {
    who: "anyone",
    refuses: [DropRefusals.DROP_UNKNOWN],
    http: "GET /drops/{dropId}",
    events: "GET /drops/{dropId}/events",
  }),

  /** All who entered, in the order of their tickets' ids, by page: what a draw is verified with. Nobody is named.
   *  Refuses  DROP_UNKNOWN */
  entries: read(z.strictObject({ dropId: id("drp"), ...pageFields }), page(Entry), {
    who: "anyone",
    refuses: [DropRefusals.DROP_UNKNOWN],
    http: "GET /drops/{dropId}/entries",
  }),

  /** Draws the places of drops whose time for it has come, and admits the first.
   *  Gives    how many drops were drawn
   *  Repeats  a drop is drawn once */
  draw: step(z.strictObject({}), z.object({ drawnCount: z.int() }), { who: "module" }),

  /** Ends drops whose time is over: nobody waits any more; once nobody is at a checkout either, the rest goes to the shelf.
   *  Gives    how many were closed
   *  Repeats  a drop is closed once */
  close: step(z.strictObject({}), z.object({ closedCount: z.int() }), { who: "module" }),

  /** Builds the gate of a drop anew from what is written down here; one builder wins, whoever asks.
   *  Gives    whether this call built it */
  fillGate: step(DropRef, z.object({ isBuilt: z.boolean() }), { who: "module" }),

  /** Compares the gates of the drops that run with what is written down here, and makes them agree.
   *  Gives    how many tickets differed */
  reconcile: step(z.strictObject({}), z.object({ differenceCount: z.int() }), { who: "module" }),
});
