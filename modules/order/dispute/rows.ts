/** SQL that the verbs of Dispute share: find disputes, and show them. */
import { asc, eq, inArray } from "drizzle-orm";
import type { z } from "zod";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Dispute, DisputeMessage } from "@shopnexus/contracts/order/dispute";
import type { Db, Tx } from "#db/_kit/database.ts";
import { claim, dispute, disputeMessage } from "#db/order/claims.ts";
import { assert } from "#modules/_kit/assert.ts";

export type DisputeRow = typeof dispute.$inferSelect;
type View = Out<typeof Dispute, "list">["items"][number];
type Message = z.infer<typeof DisputeMessage>;

/** Leans on the primary key. */
export const findDispute = async (tx: Tx | Db, disputeId: string): Promise<DisputeRow | undefined> => {
  const [row] = await tx.select().from(dispute).where(eq(dispute.disputeId, disputeId));
  return row;
};

/** Disputes in the order given; the clock is their claims'. Leans on the primary keys. */
export const disputeViews = async (tx: Tx | Db, rows: readonly DisputeRow[]): Promise<View[]> => {
  if (rows.length === 0) return [];
  const ids = rows.map(({ refundId }) => refundId);
  const claims = await tx
    .select({ refundId: claim.refundId, dueAt: claim.dueAt, escalatedAt: claim.escalatedAt })
    .from(claim)
    .where(inArray(claim.refundId, ids));
  return rows.map((row) => {
    const { disputeId, refundId, orderId, buyerId, sellerId, state, verdict, awards, note } = row;
    const own = state === "open" ? claims.find((one) => one.refundId === refundId) : undefined;
    return {
      disputeId,
      refundId,
      orderId,
      buyerId,
      sellerId,
      state,
      verdict,
      awards: [...awards],
      note,
      dueAt: own?.dueAt ? instant(own.dueAt.getTime()) : null,
      isEscalated: own !== undefined && own.escalatedAt !== null,
      openedAt: instant(row.openedAt.getTime()),
      endedAt: row.endedAt && instant(row.endedAt.getTime()),
    };
  });
};

/** One dispute, as it stands. */
export const disputeView = async (tx: Tx | Db, disputeId: string): Promise<View> => {
  const row = await findDispute(tx, disputeId);
  const [view] = row === undefined ? [] : await disputeViews(tx, [row]);
  assert(view !== undefined, "disputes are never deleted");
  return view;
};

type MessageRow = typeof disputeMessage.$inferSelect;

export const messageView = ({ messageId, authorId, role, says, evidence, at }: MessageRow): Message => ({
  messageId,
  authorId,
  role,
  says,
  evidence: [...evidence],
  at: instant(at.getTime()),
});

/** Oldest first. Leans on messages_of_dispute. */
export const messagesOf = async (db: Db, disputeId: string): Promise<Message[]> => {
  const rows = await db
    .select()
    .from(disputeMessage)
    .where(eq(disputeMessage.disputeId, disputeId))
    .orderBy(asc(disputeMessage.at), asc(disputeMessage.messageId));
  return rows.map(messageView);
};

/** What whoever comes too late is told. */
export const decidedOf = ({ state, verdict, awards, note }: DisputeRow) => ({
  state,
  verdict,
  awards: [...awards],
  note,
});
