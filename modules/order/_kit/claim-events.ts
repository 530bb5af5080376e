/** SQL of what happened to claims: the events as they were, found again by who made them, and the dispute that follows. */
import { and, desc, eq, sql } from "drizzle-orm";
import type { ClaimEvent, ClaimState, Role } from "@shopnexus/contracts/order/complaint";
import type { z } from "zod";
import type { Tx } from "#db/_kit/database.ts";
import { type claim, claimEvent, dispute, disputeMessage } from "#db/order/claims.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import { tell } from "../order/rows.ts";

type ClaimRow = typeof claim.$inferSelect;
export type EventRow = typeof claimEvent.$inferSelect;

export type Noted = {
  readonly event: ClaimEvent;
  readonly state: ClaimState;
  readonly role: z.infer<typeof Role>;
  readonly actorId?: string | undefined;
  readonly says?: string | undefined;
  readonly callKey: string;
  readonly version: number;
  /** The version of the order that it changed lines on. */
  readonly orderVersion: number | null;
};

/** Leans on claim_event_happened_once. */
export const noteEvent = async (
  tx: Tx,
  { refundId, orderId, checkoutId }: Pick<ClaimRow, "refundId" | "orderId" | "checkoutId">,
  { event, state, role, actorId, says = "", callKey, version, orderVersion }: Noted,
): Promise<void> => {
  const actor = actorId === undefined ? {} : { actorId };
  await tx
    .insert(claimEvent)
    .values({ refundId, version, event, state, role, ...actor, says, callKey, orderVersion });
  const what = event === "escalate" ? "claim_escalated" : (`claim_${state}` as const);
  await tell(tx, checkoutId, {
    what,
    orderId,
    detail: event === "escalate" ? `${refundId}, ${state}` : refundId,
  });
};

/** What a call did before, when it is repeated. Leans on one_event_a_call. */
export const eventOfCall = async (
  tx: Tx,
  refundId: string,
  callKey: string,
): Promise<EventRow | undefined> => {
  const isOfCall = and(eq(claimEvent.refundId, refundId), eq(claimEvent.callKey, callKey));
  const [row] = await tx.select().from(claimEvent).where(isOfCall);
  return row;
};

/** Whether somebody did that before. Leans on claim_event_happened_once. */
export const didBefore = async (
  tx: Tx,
  refundId: string,
  { event, actorId }: { event: ClaimEvent; actorId: string | undefined },
): Promise<boolean> => {
  const isIt = and(eq(claimEvent.refundId, refundId), eq(claimEvent.event, event));
  const rows = await tx.select().from(claimEvent).where(isIt).orderBy(desc(claimEvent.version));
  return rows.some((row) => row.actorId === (actorId ?? null));
};

export const openDispute = async (
  tx: Tx,
  row: ClaimRow,
  { actorId, says = "" }: Pick<Noted, "actorId" | "says">,
): Promise<void> => {
  const { refundId, orderId, buyerId, sellerId } = row;
  const disputeId = deriveId("dsp", refundId);
  await tx.insert(dispute).values({ disputeId, refundId, orderId, buyerId, sellerId });
  if (actorId === undefined || says === "") return;
  const messageId = deriveId("msg", disputeId);
  await tx
    .insert(disputeMessage)
    .values({ messageId, disputeId, authorId: actorId, role: "seller", says, evidence: [] });
};

/** A verdict was written before; without one the parties ended it, or nobody decided in time and the buyer has won. */
export const endDispute = async (tx: Tx, refundId: string, event: ClaimEvent): Promise<void> => {
  const isWon = event === "expire";
  await tx
    .update(dispute)
    .set({
      state: isWon ? "decided" : "closed",
      ...(isWon && { verdict: "full" as const }),
      endedAt: sql`now()`,
    })
    .where(and(eq(dispute.refundId, refundId), eq(dispute.state, "open")));
};
