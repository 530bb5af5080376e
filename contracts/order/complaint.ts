/** Words of claims and disputes: why money is asked back, how far it has come, who said what. */
import { z } from "zod";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { Instant } from "../_kit/time.ts";
import { Pieces, prose } from "../_kit/word.ts";
import { CarrierChoice } from "./carriage.ts";
import { ReturnedTotals } from "./escrow.ts";

/** The client's own name for one claim: the same in every repeat of it. */
export const ClaimKey = z.string().regex(/^[A-Za-z0-9_-]{8,80}$/);
/** Pictures and other files, by their ids. */
export const Evidence = z.array(id("fil")).max(20);

export const ClaimReason = z.enum([
  "damaged",
  "wrong",
  "missing",
  "not_as_described",
  "not_received",
  "changed_mind",
]);
export type ClaimReason = z.infer<typeof ClaimReason>;

/**
 * requested: the seller's turn; returning: the buyer sends the goods back; in_transit: the carrier's; returned: the
 * seller looks at them; disputed: operators decide; accepted: the money is about to move; paying: it has moved; settled:
 * all is done. withdrawn by the buyer; closed: the buyer never sent the goods; denied by the verdict; voided: the shop
 * took it back. modules/order/claim/rules.ts has the one table of what leads from each to which.
 */
export const ClaimState = z.enum([
  "requested",
  "returning",
  "in_transit",
  "returned",
  "disputed",
  "accepted",
  "paying",
  "settled",
  "withdrawn",
  "closed",
  "denied",
  "voided",
]);
export type ClaimState = z.infer<typeof ClaimState>;

export const ClaimEvent = z.enum([
  "open",
  "accept",
  "accept_with_return",
  "contest",
  "withdraw",
  "send",
  "arrive",
  "lose",
  "approve",
  "escalate",
  "expire",
  "award_all",
  "award_part",
  "award_none",
  "pay",
  "settle",
  "void",
]);
export type ClaimEvent = z.infer<typeof ClaimEvent>;

/** Who did it; `shop`: nobody did, a deadline passed or a carrier spoke. */
export const Role = z.enum(["buyer", "seller", "operator", "shop"]);

/** What happens of itself when the party whose turn it is stays silent. */
export const ClaimOutcome = z.enum(["pay_buyer", "close", "escalate"]);

export const ClaimLineAsk = z.strictObject({
  lineId: id("lin"),
  pieces: Pieces,
  /** Absent: the pieces' part of what was paid for the goods of the line. */
  amount: Price.optional(),
});

/** All of a claim that is known before it is opened, so that its undo needs nothing else. */
export const ClaimOrder = z.strictObject({
  refundId: id("rfd"),
  accountId: id("acc"),
  orderId: id("ord"),
  claimKey: ClaimKey,
  lines: z
    .array(ClaimLineAsk)
    .min(1)
    .max(100)
    .refine(
      (lines) => new Set(lines.map(({ lineId }) => lineId)).size === lines.length,
      "must name each line once",
    ),
  reason: ClaimReason,
  says: prose(1_000),
  evidence: Evidence,
});
export type ClaimOrder = z.infer<typeof ClaimOrder>;

export const ClaimLine = z.object({
  lineId: id("lin"),
  skuId: id("sku"),
  title: z.string(),
  pieces: Pieces,
  asked: Price,
  /** What was paid back for it; null before the money has moved. */
  paid: Price.nullable(),
});

export const ClaimView = z.object({
  refundId: id("rfd"),
  orderId: id("ord"),
  buyerId: id("acc"),
  sellerId: id("acc"),
  state: ClaimState,
  reason: ClaimReason,
  says: z.string(),
  evidence: z.array(id("fil")),
  lines: z.array(ClaimLine),
  asked: Price,
  /** What was paid back; null before the money has moved. */
  paid: Price.nullable(),
  disputeId: id("dsp").nullable(),
  /** The parcel that the goods come back in. */
  shipmentId: id("shp").nullable(),
  /** When the party whose turn it is has been silent for too long, and what happens then. */
  dueAt: Instant.nullable(),
  outcome: ClaimOutcome.nullable(),
  openedAt: Instant,
  endedAt: Instant.nullable(),
});
export type ClaimView = z.infer<typeof ClaimView>;

export const ClaimHappening = z.object({
  version: z.int(),
  event: ClaimEvent,
  state: ClaimState,
  by: Role,
  says: z.string(),
  at: Instant,
});
export const ClaimDetail = z.object({ ...ClaimView.shape, history: z.array(ClaimHappening) });

/** What the run of a claim has to know when it looks. */
export const ClaimStep = z.object({
  claim: ClaimView,
  version: z.int(),
  checkoutId: id("chk"),
  /** Who brought the goods, and can take them back; null where sellers bring them themselves. */
  carriage: CarrierChoice.nullable(),
  happened: z.array(
    z.object({
      ...ClaimHappening.shape,
      /** The version of the order that the change was made on; null where its lines stayed as they were. */
      orderVersion: z.int().nullable(),
    }),
  ),
  /** Null: nothing to wait for. */
  waitMs: z.int().min(0).nullable(),
});
export type ClaimStep = z.infer<typeof ClaimStep>;

/** What is to be done once the lines have given up the money. */
export const ClaimPayment = z.object({
  checkoutId: id("chk"),
  amount: Price,
  seller: z.object({ accountId: id("acc"), currency: z.string(), rate: z.string() }),
  totals: ReturnedTotals,
  /** Pieces that can be sold again. */
  goods: z.array(z.object({ lineId: id("lin"), skuId: id("sku"), pieces: Pieces })),
  /** Lines that came back whole: their serial numbers are free again. */
  wholeLineIds: z.array(id("lin")),
});
export type ClaimPayment = z.infer<typeof ClaimPayment>;
