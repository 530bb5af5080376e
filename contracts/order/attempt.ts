/** One attempt to buy, as rows: claimed, opened, then placed as orders or given up. The workflow moves it; nobody else. */
import { z } from "zod";
import { Address } from "../account/address-book.ts";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price } from "../_kit/money.ts";
import { refusals, Refused } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, Pieces } from "../_kit/word.ts";
import { CHECKOUT_LINE_COUNT_MAX, FrozenGroup, FrozenLine } from "./basket.ts";
import { CheckoutRefusals, CheckoutState, CheckoutView } from "./checkout.ts";

/** The client's own name for one attempt to buy: a fresh random value a click, the same one for every repeat of it. */
export const AttemptId = z.string().regex(/^[A-Za-z0-9_-]{8,80}$/);

const CheckoutRef = z.strictObject({ checkoutId: id("chk") });

export const AttemptRefusals = refusals({
  ATTEMPT_REUSED: {
    status: 422,
    says: "This attempt id was used for another basket: make a new one for a new attempt.",
  },
  CHECKOUT_CLOSED: {
    status: 409,
    says: "This checkout is over.",
    data: z.object({ state: CheckoutState }),
  },
});

export const PlacedOrder = z.object({
  orderId: id("ord"),
  sellerId: id("acc"),
  /** Goods and shipping. */
  total: Price,
  items: z.array(
    z.object({ skuId: id("sku"), title: z.string(), pieces: Pieces, isBackordered: z.boolean() }),
  ),
  /** Until when the seller confirms. */
  confirmUntil: Instant,
});
export type PlacedOrder = z.infer<typeof PlacedOrder>;

export const Attempt = service("Attempt", {
  /** Claims an attempt for an account.
   *  Takes    basketHash: SHA-256 of the canonical basket, hex
   *  Gives    state: `claimed` while the workflow is to be started or running; claimedAt, when it was first claimed
   *  Refuses  ATTEMPT_REUSED
   *  Repeats  same hash: how the checkout stands */
  claim: step(
    z.strictObject({
      checkoutId: id("chk"),
      accountId: id("acc"),
      attemptId: AttemptId,
      basketHash: z.string().regex(/^[0-9a-f]{64}$/),
    }),
    z.object({ state: CheckoutState, claimedAt: Instant }),
    { who: "module", refuses: [AttemptRefusals.ATTEMPT_REUSED] },
  ),

  /** Writes the frozen lines and parcels down; the buyer may pay until windowEndsAt.
   *  Takes    wallet: what of the total the buyer's wallet pays
   *  Gives    the total, and how many milliseconds of the window are left, 0 or more
   *  Refuses  CHECKOUT_CLOSED (its abandon came first)
   *  Repeats  nothing changes
   *  Undo     abandon */
  open: step(
    z.strictObject({
      checkoutId: id("chk"),
      address: Address,
      currency: Currency,
      lines: z.array(FrozenLine).min(1).max(CHECKOUT_LINE_COUNT_MAX),
      groups: z.array(FrozenGroup).min(1).max(CHECKOUT_LINE_COUNT_MAX),
      wallet: Price,
      windowEndsAt: Instant,
    }),
    z.object({ total: Price, windowMs: z.int().min(0) }),
    { who: "module", undo: "abandon", refuses: [AttemptRefusals.CHECKOUT_CLOSED] },
  ),

  /** Takes an opened checkout back; a late open refuses.
   *  Repeats  nothing changes */
  abandon: step(CheckoutRef, Done, { who: "module" }),

  /** Writes down why a checkout came to nothing.
   *  Repeats  the first reason stays */
  close: step(z.strictObject({ checkoutId: id("chk"), refused: Refused }), Done, { who: "module" }),

  /** Turns a paid checkout into one order a seller.
   *  Gives    the orders, by id, with what their letters say
   *  Refuses  CHECKOUT_CLOSED
   *  Repeats  the same orders */
  place: step(
    CheckoutRef,
    z.object({
      orders: z.array(PlacedOrder),
    }),
    { who: "module", refuses: [AttemptRefusals.CHECKOUT_CLOSED] },
  ),

  /** How a checkout of an account's stands, for other components.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's */
  find: read(z.strictObject({ checkoutId: id("chk"), accountId: id("acc") }), CheckoutView, {
    who: "module",
    refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN],
  }),
});
