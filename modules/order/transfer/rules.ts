/** Decisions about one payout, of values alone. */
import { type Money, minorDigits, money } from "@shopnexus/contracts/kit/money";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import type { PayoutState, PayoutView } from "@shopnexus/contracts/order/payout";
import { PayoutRefusals } from "@shopnexus/contracts/order/payout";
import { WalletRefusals } from "@shopnexus/contracts/account/wallet";
import type { payout } from "#db/order/payouts.ts";

export type PayoutRow = typeof payout.$inferSelect;

/** So many whole units of a currency, in its minor units. */
export const unitsOf = (units: number, currency: string): Money =>
  money(units * 10 ** minorDigits(currency), currency);

export type Standing = Pick<PayoutRow, "state" | "needsApproval" | "decision" | "isEscalated"> & {
  /** When waiting ends, null before it begins. */
  readonly dueAtMs: number | null;
};
export type Surroundings = {
  readonly isSuspended: boolean;
  readonly nowMs: number;
  readonly approvalMs: number;
};

/** Where a payout stands whose money is held, and nothing else moved it. */
export const advanced = (before: Standing, around: Surroundings): Standing => {
  if (!WAITING.has(before.state)) return before;
  const { decision, needsApproval } = before;
  if (decision !== null && decision !== "approved") return before;
  if (needsApproval && decision === null) return awaited(before, around);
  return { ...before, state: around.isSuspended ? "suspended" : "cleared", dueAtMs: null };
};

/** States that nobody has sent anything in: the run may still move them on. */
const WAITING: ReadonlySet<PayoutState> = new Set(["requested", "awaiting_approval", "suspended"]);

/** An operator's turn, twice as long as the deadline: then nobody has said anything, and that is a no. */
const awaited = (before: Standing, { nowMs, approvalMs }: Surroundings): Standing => {
  const waiting = { ...before, state: "awaiting_approval" as const };
  if (before.dueAtMs === null) return { ...waiting, dueAtMs: nowMs + approvalMs };
  if (nowMs < before.dueAtMs) return waiting;
  if (!before.isEscalated) return { ...waiting, isEscalated: true, dueAtMs: nowMs + approvalMs };
  return { ...waiting, decision: "expired" };
};

/** What a payout is called that came to nothing. */
export const endingOf = ({ code }: Refused): PayoutState => {
  if (code === WalletRefusals.FUNDS_SHORT.code) return "refused";
  if (code === PayoutRefusals.PAYOUT_DENIED.code) return "denied";
  return code === PayoutRefusals.PAYOUT_CANCELLED.code ? "cancelled" : "failed";
};

const instantOf = (at: Date | null) => (at === null ? null : instant(at.getTime()));

export const toView = (row: PayoutRow): PayoutView => ({
  payoutId: row.payoutId,
  accountId: row.accountId,
  amount: money(row.amountMinor, row.currency),
  state: row.state,
  isScheduled: row.isScheduled,
  bank: { provider: row.provider, holder: row.holder, last4: row.last4 },
  needsApproval: row.needsApproval,
  decision: row.decision,
  note: row.note,
  dueAt: instantOf(row.dueAt),
  refused: row.refused,
  returned: money(row.returnedMinor, row.currency),
  requestedAt: instant(row.requestedAt.getTime()),
  sentAt: instantOf(row.sentAt),
});
