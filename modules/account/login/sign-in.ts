import { randomBytes } from "node:crypto";
import { type Login, LoginRefusals } from "@shopnexus/contracts/account/login";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { deriveId, sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { signAccess } from "#modules/_kit/token.ts";
import { isPassword, NOBODYS_HASH } from "./password/argon2id.ts";
import { findCredentials, insertToken, openSession, selectRoles } from "./rows.ts";
import { deriveRefreshToken, type Grant, TOKEN_SECRET_BYTES, tokensOf } from "./rules.ts";

export const signIn: Step<typeof Login, "signIn"> = async (input, { db, settings, callKey }) => {
  const { accessMs, refreshMs } = settings.auth;
  const known = await findCredentials(db, input.email);
  const isTheirs = await isPassword(known?.passwordHash ?? NOBODYS_HASH, input.password);
  if (known === undefined || !isTheirs) throw refuse(LoginRefusals.BAD_CREDENTIALS, {});
  if (known.isSuspended) throw refuse(CommonRefusals.ACCOUNT_SUSPENDED, {});
  const issuedAt = new Date();
  const expiresAt = new Date(issuedAt.getTime() + refreshMs);
  const grant = await inTransaction(db, (tx) =>
    open(tx, { accountId: known.accountId, callKey, issuedAt, expiresAt }),
  );
  return tokensOf(grant, await signAccess(settings, { ...grant, nowMs: grant.issuedAt.getTime() }), accessMs);
};

type Opening = { accountId: string; callKey: string; issuedAt: Date; expiresAt: Date };

const open = async (tx: Tx, { accountId, callKey, issuedAt, expiresAt }: Opening): Promise<Grant> => {
  const { sessionId, tokenSecret } = await openSession(tx, {
    sessionId: deriveId("ses", callKey),
    accountId,
    tokenSecret: randomBytes(TOKEN_SECRET_BYTES).toString("base64url"),
    openedAt: issuedAt,
    expiresAt,
  });
  const refreshToken = deriveRefreshToken({ tokenSecret, callKey });
  const kept = await insertToken(tx, { tokenHash: sha256(refreshToken), sessionId, issuedAt, expiresAt });
  const roles = await selectRoles(tx, accountId);
  return { ...kept, accountId, roles, refreshToken };
};
