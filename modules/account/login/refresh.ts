import { type Login, LoginRefusals } from "@shopnexus/contracts/account/login";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { assert } from "#modules/_kit/assert.ts";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { signAccess } from "#modules/_kit/token.ts";
import * as rows from "./rows.ts";
import { deriveRefreshToken, type Grant, judgeUnspendable, tokensOf } from "./rules.ts";

export const refresh: Step<typeof Login, "refresh"> = async (input, { db, settings, callKey }) => {
  const { accessMs, refreshMs } = settings.auth;
  const trade = { presented: input.refreshToken, callKey, now: new Date(), refreshMs };
  const grant = await inTransaction(db, (tx) => admitted(tx, trade));
  // Thrown out here and not in the transaction: the closing of the session has to stay.
  if (grant === "reused") throw refuse(LoginRefusals.REFRESH_REUSED, {});
  return tokensOf(grant, await signAccess(settings, { ...grant, nowMs: grant.issuedAt.getTime() }), accessMs);
};

type Trade = { presented: string; callKey: string; now: Date; refreshMs: number };

/** Thrown in the transaction: a token that a suspended account presents is not spent, and good again after a lift. */
const admitted = async (tx: Tx, trade: Trade): Promise<Grant | "reused"> => {
  const grant = await rotate(tx, trade);
  if (grant !== "reused" && (await rows.isShutOut(tx, grant.accountId)))
    throw refuse(CommonRefusals.ACCOUNT_SUSPENDED, {});
  return grant;
};

const rotate = async (tx: Tx, trade: Trade): Promise<Grant | "reused"> => {
  const tokenHash = sha256(trade.presented);
  const by = { usedByCall: sha256(trade.callKey), usedAt: trade.now };
  const spent = await rows.spendToken(tx, tokenHash, by);
  if (spent !== undefined) return succeed(tx, spent.sessionId, trade);
  const kept = await rows.findToken(tx, tokenHash);
  const verdict = judgeUnspendable(kept, by.usedByCall);
  if (kept === undefined || verdict === "invalid") throw refuse(LoginRefusals.REFRESH_INVALID, {});
  return verdict === "repeat" ? repeat(tx, kept.sessionId, trade) : close(tx, kept.sessionId, by);
};

/** The next token. In a closed session there is none, and the token that was presented is not spent. */
const succeed = async (tx: Tx, sessionId: string, trade: Trade): Promise<Grant> => {
  const expiresAt = new Date(trade.now.getTime() + trade.refreshMs);
  const session = await rows.extendSession(tx, sessionId, expiresAt);
  if (session === undefined) throw refuse(LoginRefusals.REFRESH_INVALID, {});
  const refreshToken = deriveRefreshToken({ ...trade, tokenSecret: session.tokenSecret });
  const row = { tokenHash: sha256(refreshToken), sessionId, issuedAt: trade.now, expiresAt };
  const roles = await rows.selectRoles(tx, session.accountId);
  return { ...session, ...(await rows.insertToken(tx, row)), roles, refreshToken };
};

/** This very call was here before: it gets what it got. */
const repeat = async (tx: Tx, sessionId: string, trade: Trade): Promise<Grant> => {
  const session = await rows.selectSession(tx, sessionId);
  const refreshToken = deriveRefreshToken({ ...trade, tokenSecret: session.tokenSecret });
  const kept = await rows.findToken(tx, sha256(refreshToken));
  assert(kept !== undefined, "the call that spends a token leaves its successor");
  return { ...session, ...kept, roles: await rows.selectRoles(tx, session.accountId), refreshToken };
};

/** Owner and thief hold tokens of one session, and nobody can tell who is who: it ends for both. */
const close = async (
  tx: Tx,
  sessionId: string,
  by: { usedByCall: string; usedAt: Date },
): Promise<"reused"> => {
  await rows.closeSession(tx, sessionId, {
    closedAt: by.usedAt,
    closeReason: "reused",
    closedByCall: by.usedByCall,
  });
  return "reused";
};
