import type { Login } from "@shopnexus/contracts/account/login";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { closeSession, isClosedBy } from "./rows.ts";

export const signOut: Step<typeof Login, "signOut"> = async (_input, { who, db, callKey }) => {
  const { sessionId } = accountOf(who);
  await inTransaction(db, (tx) => close(tx, sessionId, sha256(callKey)));
  return {};
};

/** The call that closed it may come again; for any other the session is gone. */
const close = async (tx: Tx, sessionId: string, closedByCall: string): Promise<void> => {
  const closing = { closedAt: new Date(), closeReason: "signed_out", closedByCall } as const;
  if (await closeSession(tx, sessionId, closing)) return;
  if (await isClosedBy(tx, sessionId, closedByCall)) return;
  throw refuse(CommonRefusals.UNAUTHENTICATED, { reason: "revoked" });
};
