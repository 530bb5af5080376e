/** Money that is kept for an order, line by line: what each step of a line's life does with it. Rows first, then the ledger. */
import { z } from "zod";
import { service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency } from "../_kit/money.ts";
import { Pieces } from "../_kit/word.ts";
import { LineIds } from "./line.ts";

/** Whose money it is, and by which frozen rate the seller is paid. */
export const Party = z.object({
  orderId: id("ord"),
  sellerId: id("acc"),
  currency: Currency,
  sellerCurrency: Currency,
  sellerRate: z.string(),
});

/** What movements to the buyer add up to, for their entry: out of escrow, from the seller, from what was spent on carriage. */
export const ReturnedTotals = z.object({
  returnedMinor: z.int().min(0),
  clawedMinor: z.int().min(0),
  uncarriedMinor: z.int().min(0),
  /** What the platform gives back of its share. */
  commissionMinor: z.int().min(0),
  /** What it takes back of what it paid beside, to the seller and to the buyer: zero or below. */
  subsidizedMinor: z.int().max(0).optional(),
  rewardedMinor: z.int().max(0).optional(),
});

const Movement = z.strictObject({ orderId: id("ord"), key: z.string().min(1).max(100), lineIds: LineIds });

export const Escrow = service("Escrow", {
  /** The parcel is booked for good: what its lines' buyer paid for carriage is spent.
   *  Gives    minor: in the order's currency, 0 where it was spent before
   *  Repeats  same key: the same amount */
  carry: step(Movement, z.object({ party: Party, minor: z.int().min(0) }), { who: "module" }),

  /** Takes the money of rejected and cancelled lines out, all of it, for their buyer; other lines are left out.
   *  Gives    totals for the ledger; pieces that can be sold again, which those of a lost parcel cannot
   *  Repeats  same key: the same */
  withdraw: step(
    Movement,
    z.object({
      checkoutId: id("chk"),
      party: Party,
      totals: ReturnedTotals,
      lineIds: z.array(id("lin")),
      unsold: z.array(z.object({ lineId: id("lin"), skuId: id("sku"), pieces: Pieces })),
    }),
    { who: "module" },
  ),

  /** The window is over: takes the seller's share out of delivered lines, which are fulfilled then; others are left out.
   *  Gives    in the order's currency, commission included
   *  Repeats  same key: the same */
  release: step(
    Movement,
    z.object({
      party: Party,
      grossMinor: z.int().min(0),
      commissionMinor: z.int().min(0),
      /** What the platform pays the seller beside it. */
      subsidizedMinor: z.int().min(0).optional(),
      /** What the seller pays of the carriage, out of what comes in. */
      borneMinor: z.int().min(0).optional(),
      /** What the buyer was promised of what was released now. */
      cashback: z.object({ buyerId: id("acc"), minor: z.int().min(0) }).optional(),
      lineIds: z.array(id("lin")),
    }),
    { who: "module" },
  ),
});
