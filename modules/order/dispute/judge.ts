import { and, eq, sql } from "drizzle-orm";
import type { In } from "@shopnexus/contracts/kit/contract";
import { money } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Dispute, DisputeRefusals } from "@shopnexus/contracts/order/dispute";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { claimLine, dispute } from "#db/order/claims.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { eventOfCall } from "../_kit/claim-events.ts";
import { happen, type Held, lockClaim } from "../_kit/claims.ts";
import { decidedOf, disputeView, findDispute } from "./rows.ts";

type Judgement = In<typeof Dispute, "judge">;

const EVENTS = { full: "award_all", partial: "award_part", none: "award_none" } as const;

/** The verdict and what it does to the claim are one transaction; the first one stands. */
export const judge: Step<typeof Dispute, "judge"> = async (input, { db, settings, callKey }) =>
  inTransaction(db, async (tx) => {
    const { disputeId, verdict, note, accountId } = input;
    const found = await findDispute(tx, disputeId);
    const held = found && (await lockClaim(tx, found.refundId));
    if (held === undefined) throw refuse(DisputeRefusals.DISPUTE_UNKNOWN, {});
    const { refundId } = held.claim;
    const known = await eventOfCall(tx, refundId, callKey);
    if (known !== undefined) return { before: known.version - 1, dispute: await disputeView(tx, disputeId) };
    await decide(tx, held, { ...input, callKey });
    const done = await happen(tx, held, {
      event: EVENTS[verdict.kind],
      role: "operator",
      actorId: accountId,
      says: note,
      callKey,
      deadlines: settings.deadlines,
    });
    assert(done !== undefined, "a dispute is open as long as its claim is disputed");
    return { before: done.before, dispute: await disputeView(tx, disputeId) };
  });

const decide = async (tx: Tx, held: Held, input: Judgement & { callKey: string }): Promise<void> => {
  const { disputeId, verdict, note, accountId, callKey } = input;
  const awards = verdict.kind === "partial" ? verdict.awards : [];
  const [decided] = await tx
    .update(dispute)
    .set({
      state: "decided",
      verdict: verdict.kind,
      awards,
      note,
      decidedBy: accountId,
      callKey,
      endedAt: sql`now()`,
    })
    .where(and(eq(dispute.disputeId, disputeId), eq(dispute.state, "open")))
    .returning({ disputeId: dispute.disputeId });
  if (decided === undefined) {
    const row = await findDispute(tx, disputeId);
    assert(row !== undefined, "disputes are never deleted");
    throw refuse(DisputeRefusals.DISPUTE_DECIDED, decidedOf(row));
  }
  if (verdict.kind !== "partial") return;
  beAwardable(held, awards);
  for (const { lineId } of held.asked) {
    const awardedMinor = awards.find((award) => award.lineId === lineId)?.amount.minor ?? 0;
    const isIt = and(eq(claimLine.refundId, held.claim.refundId), eq(claimLine.lineId, lineId));
    await tx.update(claimLine).set({ awardedMinor }).where(isIt);
  }
};

type Awards = Extract<Judgement["verdict"], { kind: "partial" }>["awards"];

const beAwardable = ({ asked, claim }: Held, awards: Awards): void => {
  const wrong = awards.filter(({ lineId, amount }, at) => {
    const line = asked.find((one) => one.lineId === lineId);
    const isTwice = awards.findIndex((award) => award.lineId === lineId) !== at;
    const isTooHigh = line === undefined || amount.minor > line.askedMinor;
    return isTwice || isTooHigh || amount.currency !== claim.currency;
  });
  if (wrong.length === 0) return;
  const lines = wrong.map(({ lineId }) => {
    const line = asked.find((one) => one.lineId === lineId);
    return { lineId, atMost: line === undefined ? null : money(line.askedMinor, claim.currency) };
  });
  throw refuse(DisputeRefusals.AWARD_TOO_HIGH, { lines });
};
