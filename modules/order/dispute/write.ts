import { eq } from "drizzle-orm";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Dispute, DisputeRefusals } from "@shopnexus/contracts/order/dispute";
import { inTransaction } from "#db/_kit/transaction.ts";
import { dispute, disputeMessage } from "#db/order/claims.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { decidedOf, type DisputeRow, disputeView, messageView } from "./rows.ts";

type Write = In<typeof Dispute, "write">;

/** Whoever decides waits for a message that is being written, and nothing is written after the verdict. */
export const write: Step<typeof Dispute, "write"> = async (input, { db }) =>
  inTransaction(db, async (tx) => {
    const { disputeId, messageId, author, says, evidence } = input;
    const [row] = await tx.select().from(dispute).where(eq(dispute.disputeId, disputeId)).for("share");
    const role = row === undefined ? undefined : roleOf(row, author);
    if (row === undefined || role === undefined) throw refuse(DisputeRefusals.DISPUTE_UNKNOWN, {});
    const isIt = eq(disputeMessage.messageId, messageId);
    const [known] = await tx.select().from(disputeMessage).where(isIt);
    if (known === undefined && row.state !== "open")
      throw refuse(DisputeRefusals.DISPUTE_DECIDED, decidedOf(row));
    const message = { messageId, disputeId, authorId: author.accountId, role, says, evidence };
    await tx.insert(disputeMessage).values(message).onConflictDoNothing();
    const [written] = await tx.select().from(disputeMessage).where(isIt);
    assert(written !== undefined, "it was written just now, or before");
    return { message: messageView(written), dispute: await disputeView(tx, disputeId) };
  });

const roleOf = ({ buyerId, sellerId }: DisputeRow, { accountId, isOperator }: Write["author"]) => {
  if (accountId === buyerId) return "buyer" as const;
  if (accountId === sellerId) return "seller" as const;
  return isOperator ? ("operator" as const) : undefined;
};
