/** Money of a seller's on its way to a bank: held, approved where it is much, sent once, and opened again when the bank gives it back. */
import { z } from "zod";
import { WalletRefusals } from "../account/wallet.ts";
import { op, run, workflow } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { refusals, Refused } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, Nothing, prose } from "../_kit/word.ts";

/**
 * requested: its money is being held; awaiting_approval: an operator's turn; suspended: its seller is shut out; cleared:
 * it may go; sending: the provider has been asked; sent; reversed: the bank gave all of it back. What came to nothing:
 * refused: the wallet had too little; denied, by an operator or by silence; cancelled, by its seller; failed.
 */
export const PayoutState = z.enum([
  "requested",
  "awaiting_approval",
  "suspended",
  "cleared",
  "sending",
  "sent",
  "reversed",
  "refused",
  "denied",
  "cancelled",
  "failed",
]);
export type PayoutState = z.infer<typeof PayoutState>;

/** What was said while it waited; the first word counts. `expired`: nobody said anything, twice over. */
export const PayoutDecision = z.enum(["approved", "denied", "cancelled", "expired"]);
export type PayoutDecision = z.infer<typeof PayoutDecision>;

export const PayoutView = z.object({
  payoutId: id("pay"),
  accountId: id("acc"),
  amount: Price,
  state: PayoutState,
  /** By the seller's schedule and not by hand. */
  isScheduled: z.boolean(),
  /** Where it goes, as it was when the payout was asked for. */
  bank: z.object({ provider: z.string(), holder: z.string(), last4: z.string() }),
  /** So large that an operator has to approve it. */
  needsApproval: z.boolean(),
  decision: PayoutDecision.nullable(),
  note: z.string().nullable(),
  /** When waiting for an operator ends; null when nobody is waited for. */
  dueAt: Instant.nullable(),
  /** Why it came to nothing, if it did. */
  refused: Refused.nullable(),
  /** What the bank gave back. */
  returned: Price,
  requestedAt: Instant,
  sentAt: Instant.nullable(),
});
export type PayoutView = z.infer<typeof PayoutView>;

export const PayoutRefusals = refusals({
  PAYOUT_UNKNOWN: { status: 404, says: "There is no such payout." },
  PAYOUT_DECIDED: {
    status: 409,
    says: "There is nothing to decide about this payout, or it was decided before.",
    data: z.object({ state: PayoutState, decision: PayoutDecision.nullable() }),
  },
  PAYOUT_DENIED: { status: 409, says: "This payout was not approved.", data: z.object({ note: z.string() }) },
  PAYOUT_CANCELLED: { status: 409, says: "This payout was cancelled by its seller." },
  PAYOUT_STOPPED: { status: 409, says: "This payout was stopped by the shop." },
  TRANSFER_REFUSED: {
    status: 409,
    says: "The bank account cannot be paid.",
    data: z.object({ reason: z.string() }),
  },
});
const { PAYOUT_UNKNOWN, PAYOUT_DECIDED } = PayoutRefusals;

export const Payout = workflow("Payout", {
  /** Holds the money, waits for who has a say, sends it, posts it; or gives it back to the wallet.
   *  Takes    what Earnings claimed; the key: the payout's id
   *  Gives    nothing: whoever knows its key can read a workflow's result at the ingress
   *  Refuses  FUNDS_SHORT, PAYOUT_DENIED, PAYOUT_CANCELLED, PAYOUT_STOPPED, TRANSFER_REFUSED
   *  Source   README, the table of pairs */
  run: run(z.strictObject({ accountId: id("acc"), amount: Price }), Done, {
    who: "module",
    refuses: [
      WalletRefusals.FUNDS_SHORT,
      PayoutRefusals.PAYOUT_DENIED,
      PayoutRefusals.PAYOUT_CANCELLED,
      PayoutRefusals.PAYOUT_STOPPED,
      PayoutRefusals.TRANSFER_REFUSED,
    ],
  }),

  /** Waits until the money is held, or the payout came to nothing. */
  opened: op(Nothing, Done, { who: "module" }),

  /** An operator's word about a payout that waits. The first word counts, also over silence and over its seller.
   *  Takes    note: for the seller, up to 500 characters
   *  Refuses  PAYOUT_UNKNOWN, PAYOUT_DECIDED
   *  Repeats  the same call: nothing changes; any other is refused */
  decide: op(
    z.strictObject({ verdict: z.enum(["approve", "deny"]), note: prose(500).optional() }),
    PayoutView,
    {
      who: "operator",
      refuses: [PAYOUT_UNKNOWN, PAYOUT_DECIDED],
      http: "POST /payouts/{payoutId}/decision",
    },
  ),

  /** The seller takes a payout back that waits for approval.
   *  Refuses  PAYOUT_UNKNOWN, also for somebody else's, PAYOUT_DECIDED
   *  Repeats  nothing changes */
  cancel: op(Nothing, PayoutView, {
    who: "seller",
    refuses: [PAYOUT_UNKNOWN, PAYOUT_DECIDED],
    http: "POST /me/payouts/{payoutId}/cancel",
  }),

  /** Says that there may be news of a transfer: asks the provider now. What it gave back is the seller's again, once.
   *  Repeats  asks again */
  look: op(Nothing, Done, { who: "module" }),

  /** Looks every so often at what was sent: an event may be lost, and banks take days to give money back.
   *  Repeats  looks twice as often */
  watch: op(Nothing, Done, { who: "module" }),
});
