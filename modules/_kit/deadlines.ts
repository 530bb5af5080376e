/** How long each party may be silent before the shop goes on without it. One table, so that none is forgotten. */
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";

export const DEADLINES = {
  /** The seller confirms or rejects a paid line; afterwards it is cancelled and refunded. */
  confirmMs: 48 * HOUR_MS,
  /** Reminders to the seller, so long before that. */
  remindFirstMs: 24 * HOUR_MS,
  remindLastMs: 4 * HOUR_MS,
  /** Stock for a backordered line arrives; afterwards it is cancelled and refunded. */
  backorderMs: 30 * DAY_MS,
  /** A carrier that is down, or refuses, is asked again after so long. */
  bookRetryMs: 5 * MINUTE_MS,
  /** The carrier takes a booked parcel; afterwards operators are told, and after the same time again it is cancelled. */
  handoverMs: 7 * DAY_MS,
  /** The carrier delivers what it took; afterwards operators are told, and after the same time again it counts as lost. */
  transitMs: 21 * DAY_MS,
  /** A parcel that its carrier said nothing of is asked after: webhooks get lost. */
  trackMs: 12 * HOUR_MS,
  /** From delivery, or the buyer's receipt, to the seller's money. */
  escrowMs: 7 * DAY_MS,
  /** A buyer may still ask for money back so long after delivery. */
  claimMs: 30 * DAY_MS,
  /** The seller answers a claim; afterwards it is accepted. */
  answerMs: 2 * DAY_MS,
  /** The buyer sends the goods back; afterwards the claim is closed. */
  returnMs: 14 * DAY_MS,
  /** The seller looks at what came back; afterwards it is accepted. */
  inspectMs: 3 * DAY_MS,
  /** Operators decide a dispute; afterwards it is escalated, and after the same time again the buyer wins. */
  verdictMs: 5 * DAY_MS,
  /** A bank decides a chargeback; afterwards the gateway is asked again. */
  chargebackMs: 10 * DAY_MS,
  /** An operator approves a large payout; afterwards it is escalated, and after the same time again it is denied. */
  approvalMs: 3 * DAY_MS,
  /** A transfer that the gateway has not ended is asked after. */
  transferMs: HOUR_MS,
  /** A supplier who is late is reminded again after so long. */
  overdueMs: 2 * DAY_MS,
  /** What a supplier's system did not take is told again after so long, and then after four times as long each time. */
  hookMs: 5 * SECOND_MS,
  /** An open attempt to pay that nothing was heard of is asked after: the poller's pace. */
  pollMs: 20 * SECOND_MS,
} as const;

export type Deadlines = { readonly [K in keyof typeof DEADLINES]: number };
export type DeadlineName = keyof Deadlines;
