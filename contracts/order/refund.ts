/** What becomes of one claim: the workflow that waits for the parties, pays the buyer back once, or lets go of everything. */
import { z } from "zod";
import { op, run, workflow } from "../_kit/contract.ts";
import { Done, Nothing, prose, text } from "../_kit/word.ts";
import { ClaimRefusals } from "./claim.ts";
import { ClaimOrder, ClaimView } from "./complaint.ts";

const { CLAIM_UNKNOWN, CLAIM_DECIDED, CLAIM_VOIDED } = ClaimRefusals;

export const Refund = workflow("Refund", {
  /** Freezes the seller's share, waits until the claim is decided, and pays back what was accepted; or undoes all it did.
   *  Takes    the key: the claim's id; what Claim/open recorded
   *  Gives    nothing: whoever knows its key can read a workflow's result at the ingress
   *  Refuses  CLAIM_VOIDED (its void came first)
   *  Source   README, the table of pairs */
  run: run(ClaimOrder, Done, { who: "module", refuses: [CLAIM_VOIDED] }),

  /** The seller's answer: pay, pay once the goods are back, or let operators decide. A later answer may only give in.
   *  Takes    says: for the buyer, and what a dispute begins with
   *  Refuses  CLAIM_UNKNOWN, also for somebody else's, CLAIM_DECIDED
   *  Repeats  nothing changes */
  answer: op(
    z.strictObject({ answer: z.enum(["accept", "accept_with_return", "contest"]), says: prose(2_000) }),
    ClaimView,
    { who: "seller", refuses: [CLAIM_UNKNOWN, CLAIM_DECIDED], http: "POST /claims/{refundId}/answer" },
  ),

  /** The buyer does not ask any more; until the money is about to move.
   *  Refuses  CLAIM_UNKNOWN, also for somebody else's, CLAIM_DECIDED
   *  Repeats  nothing changes */
  withdraw: op(Nothing, ClaimView, {
    who: "account",
    refuses: [CLAIM_UNKNOWN, CLAIM_DECIDED],
    http: "POST /claims/{refundId}/withdraw",
  }),

  /** The buyer has sent the goods back, by a carrier of their own.
   *  Takes    how, for the seller, e.g. carrier and number
   *  Refuses  CLAIM_UNKNOWN, also for somebody else's, CLAIM_DECIDED
   *  Repeats  nothing changes */
  sent: op(z.strictObject({ how: text(200) }), ClaimView, {
    who: "account",
    refuses: [CLAIM_UNKNOWN, CLAIM_DECIDED],
    http: "POST /claims/{refundId}/sent",
  }),

  /** The seller has looked at what came back: pays, or lets operators decide.
   *  Takes    isSellable: the pieces go back to stock
   *  Refuses  CLAIM_UNKNOWN, also for somebody else's, CLAIM_DECIDED
   *  Repeats  nothing changes */
  inspect: op(
    z.strictObject({ finding: z.enum(["ok", "contest"]), isSellable: z.boolean(), says: prose(2_000) }),
    ClaimView,
    { who: "seller", refuses: [CLAIM_UNKNOWN, CLAIM_DECIDED], http: "POST /claims/{refundId}/inspection" },
  ),

  /** The carrier has news of the parcel that the goods come back in: looks at it.
   *  Repeats  nothing changes */
  moved: op(Nothing, Done, { who: "module" }),

  /** Operators have decided, on version `version` of the claim: the run looks again.
   *  Repeats  nothing changes */
  verdict: op(z.strictObject({ version: z.int().min(0) }), Done, { who: "module" }),
});
