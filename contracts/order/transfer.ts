/** One payout, as rows and at the provider. Its workflow moves it; nobody else. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price } from "../_kit/money.ts";
import { refusals, Refused } from "../_kit/refusal.ts";
import { prose, text } from "../_kit/word.ts";
import { PayoutDecision, PayoutRefusals, PayoutState, PayoutView } from "./payout.ts";

const Ref = z.strictObject({ payoutId: id("pay") });

export const TransferRefusals = refusals({
  PAYOUT_TOO_SMALL: {
    status: 422,
    says: "This is less than what is paid out at a time.",
    data: z.object({ minimum: Price }),
  },
  PAYOUT_KEY_REUSED: {
    status: 422,
    says: "This key was used for another amount: make a new one for a new payout.",
  },
  BANK_MISSING: {
    status: 409,
    says: "Say first which bank account money in this currency goes to.",
    data: z.object({ currency: Currency }),
  },
});

/** What the bank gave back of a payout, up to how much of it in all. */
export const TransferReturn = z.object({ uptoMinor: z.int(), minor: z.int() });

export const Transfer = service("Transfer", {
  /** Writes a payout down, with the bank account that it goes to.
   *  Takes    requestKey: the seller's own name for it, or the schedule's
   *  Refuses  PAYOUT_KEY_REUSED, PAYOUT_TOO_SMALL, BANK_MISSING
   *  Repeats  same account, key and amount: how the payout stands */
  claim: step(
    z.strictObject({
      accountId: id("acc"),
      requestKey: text(120),
      amount: Price,
      isScheduled: z.boolean(),
    }),
    PayoutView,
    {
      who: "module",
      refuses: [
        TransferRefusals.PAYOUT_KEY_REUSED,
        TransferRefusals.PAYOUT_TOO_SMALL,
        TransferRefusals.BANK_MISSING,
      ],
    },
  ),

  /** Moves a payout whose money is held: to who has a say, past a deadline, or out of everybody's hands.
   *  Gives    waitMs: when to look again; isEscalated: the first deadline has passed
   *  Repeats  nothing changes, but what time changes */
  advance: step(
    z.strictObject({ payoutId: id("pay"), isSuspended: z.boolean() }),
    z.object({
      state: PayoutState,
      decision: PayoutDecision.nullable(),
      note: z.string().nullable(),
      isEscalated: z.boolean(),
      waitMs: z.int().min(0),
    }),
    { who: "module" },
  ),

  /** Writes an operator's word down.
   *  Refuses  PAYOUT_UNKNOWN, PAYOUT_DECIDED
   *  Repeats  the same call: nothing changes */
  decide: step(
    z.strictObject({
      payoutId: id("pay"),
      decision: z.enum(["approved", "denied"]),
      note: prose(500).nullable(),
      decidedBy: id("acc"),
    }),
    PayoutView,
    { who: "module", refuses: [PayoutRefusals.PAYOUT_UNKNOWN, PayoutRefusals.PAYOUT_DECIDED] },
  ),

  /** Writes down that its seller takes a waiting payout back.
   *  Refuses  PAYOUT_UNKNOWN, also for somebody else's, PAYOUT_DECIDED
   *  Repeats  nothing changes */
  cancel: step(z.strictObject({ payoutId: id("pay"), accountId: id("acc") }), PayoutView, {
    who: "module",
    refuses: [PayoutRefusals.PAYOUT_UNKNOWN, PayoutRefusals.PAYOUT_DECIDED],
  }),

  /** Sends a cleared payout to its bank; the idempotency key at the provider is the payout's id.
   *  Refuses  TRANSFER_REFUSED: there is no transfer then, and never will be
   *  Repeats  one transfer; an answer that was lost is looked up */
  send: step(Ref, z.object({ provider: z.string() }), {
    who: "module",
    refuses: [PayoutRefusals.TRANSFER_REFUSED],
  }),

  /** Asks the provider how a sent transfer stands and writes down what was given back.
   *  Gives    all that ever was, so that the ledger's entries can be made of it
   *  Repeats  asks again */
  inspect: step(Ref, z.object({ payout: PayoutView.nullable(), returns: z.array(TransferReturn) }), {
    who: "module",
  }),

  /** Writes down why a payout came to nothing. One that may have been sent is never closed.
   *  Repeats  the first reason stays */
  close: step(z.strictObject({ payoutId: id("pay"), refused: Refused }), PayoutView, { who: "module" }),

  /** How a payout of an account's stands, for other components.
   *  Refuses  PAYOUT_UNKNOWN, also for somebody else's */
  find: read(z.strictObject({ payoutId: id("pay"), accountId: id("acc") }), PayoutView, {
    who: "module",
    refuses: [PayoutRefusals.PAYOUT_UNKNOWN],
  }),
});
