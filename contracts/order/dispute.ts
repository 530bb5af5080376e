/** What a buyer and a seller do not agree on: they write, operators decide once. And what buyers' banks take back. */
import { z } from "zod";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, prose } from "../_kit/word.ts";
import { ChargebackNews } from "./chargeback.ts";
import { Evidence, Role } from "./complaint.ts";

export const DisputeState = z.enum(["open", "decided", "closed"]);
export const Verdict = z.enum(["full", "partial", "none"]);
/** What a verdict in part gives for one line: at most what was asked for it. */
export const Award = z.strictObject({ lineId: id("lin"), amount: Price });

export const DisputeMessage = z.object({
  messageId: id("msg"),
  authorId: id("acc"),
  role: Role,
  says: z.string(),
  evidence: z.array(id("fil")),
  at: Instant,
});
export const DisputeView = z.object({
  disputeId: id("dsp"),
  refundId: id("rfd"),
  orderId: id("ord"),
  buyerId: id("acc"),
  sellerId: id("acc"),
  state: DisputeState,
  verdict: Verdict.nullable(),
  awards: z.array(Award),
  note: z.string().nullable(),
  /** Until when operators decide, and whether they were reminded. */
  dueAt: Instant.nullable(),
  isEscalated: z.boolean(),
  openedAt: Instant,
  endedAt: Instant.nullable(),
});
export const DisputeDetail = z.object({ ...DisputeView.shape, messages: z.array(DisputeMessage) });

export const DisputeRefusals = refusals({
  DISPUTE_UNKNOWN: { status: 404, says: "There is no such dispute." },
  DISPUTE_DECIDED: {
    status: 409,
    says: "This dispute is over.",
    data: z.object({
      state: DisputeState,
      /** Null: the parties ended it themselves. */
      verdict: Verdict.nullable(),
      awards: z.array(Award),
      note: z.string().nullable(),
    }),
  },
  AWARD_TOO_HIGH: {
    status: 422,
    says: "A verdict gives at most what was asked for, for lines that were asked for.",
    data: z.object({ lines: z.array(z.object({ lineId: z.string(), atMost: Price.nullable() })) }),
  },
});
const { DISPUTE_UNKNOWN, DISPUTE_DECIDED, AWARD_TOO_HIGH } = DisputeRefusals;

const DisputeRef = z.strictObject({ disputeId: id("dsp") });
const Decision = z.strictObject({
  disputeId: id("dsp"),
  verdict: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("full") }),
    z.strictObject({ kind: z.literal("partial"), awards: z.array(Award).min(1).max(100) }),
    z.strictObject({ kind: z.literal("none") }),
  ]),
  /** For both parties. */
  note: prose(2_000),
});

export const Dispute = service("Dispute", {
  /** The disputes that the caller is a party of, all of them for operators, newest first, by page. */
  list: read(z.strictObject({ state: DisputeState.optional(), ...pageFields }), page(DisputeView), {
    who: "account",
    http: "GET /disputes",
  }),

  /** One dispute with its messages, for its parties and operators.
   *  Refuses  DISPUTE_UNKNOWN, also for anybody else's */
  read: read(DisputeRef, DisputeDetail, {
    who: "account",
    refuses: [DISPUTE_UNKNOWN],
    http: "GET /disputes/{disputeId}",
  }),

  /** Writes to the others of a dispute.
   *  Refuses  DISPUTE_UNKNOWN, also for somebody else's, DISPUTE_DECIDED
   *  Repeats  the same call: one message */
  message: op(
    z.strictObject({ disputeId: id("dsp"), says: prose(2_000), evidence: Evidence }),
    DisputeMessage,
    {
      who: "account",
      refuses: [DISPUTE_UNKNOWN, DISPUTE_DECIDED],
      http: "POST /disputes/{disputeId}/messages",
    },
  ),

  /** Keeps a message, if its author has a say and the dispute is open.
   *  Refuses  DISPUTE_UNKNOWN, DISPUTE_DECIDED
   *  Repeats  same messageId: the first */
  write: step(
    z.strictObject({
      disputeId: id("dsp"),
      messageId: id("msg"),
      author: z.strictObject({ accountId: id("acc"), isOperator: z.boolean() }),
      says: prose(2_000),
      evidence: Evidence,
    }),
    z.object({ message: DisputeMessage, dispute: DisputeView }),
    { who: "module", refuses: [DISPUTE_UNKNOWN, DISPUTE_DECIDED] },
  ),

  /** Decides a dispute, once: all that was asked for, parts of it, or nothing.
   *  Refuses  DISPUTE_UNKNOWN, DISPUTE_DECIDED with what was decided, AWARD_TOO_HIGH
   *  Repeats  another decision is refused, also the same one */
  decide: op(Decision, DisputeView, {
    who: "operator",
    refuses: [DISPUTE_UNKNOWN, DISPUTE_DECIDED, AWARD_TOO_HIGH],
    http: "POST /disputes/{disputeId}/verdict",
  }),

  /** Writes a verdict down, and what it does to the claim.
   *  Gives    before: the version of the claim that it was decided on
   *  Refuses  DISPUTE_UNKNOWN, DISPUTE_DECIDED, AWARD_TOO_HIGH
   *  Repeats  the same call: the same verdict */
  judge: step(
    z.strictObject({ ...Decision.shape, accountId: id("acc") }),
    z.object({ before: z.int(), dispute: DisputeView }),
    { who: "module", refuses: [DISPUTE_UNKNOWN, DISPUTE_DECIDED, AWARD_TOO_HIGH] },
  ),

  /** A gateway tells that a buyer's bank takes money back, or how that ended; watches until it has. Order does not matter.
   *  Repeats  same disputeRef: taken once, ended once */
  chargeback: op(ChargebackNews, Done, { who: "module" }),
});
