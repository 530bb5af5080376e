/** Decisions about tokens: how they follow from a call, and what a spent one means. */
import { createHmac } from "node:crypto";
import { Role, type Tokens } from "@shopnexus/contracts/account/login";
import { instant, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { canonical } from "#modules/_kit/derive.ts";

/** 256 random bits: as many as the token that is derived with it. */
export const TOKEN_SECRET_BYTES = 32;

export type Growth = {
  readonly tokenSecret: string;
  readonly callKey: string;
  /** The token that is traded in. It is kept nowhere, so the table alone does not give its successor. */
  readonly presented?: string;
};

/** The refresh token that this call gives: a repeat finds the same one, and it need not be kept. */
export const deriveRefreshToken = ({ tokenSecret, callKey, presented }: Growth): string =>
  createHmac("sha256", Buffer.from(tokenSecret, "base64url"))
    .update(canonical(["refresh", callKey, presented ?? ""]))
    .digest("base64url");

export type KeptToken = { readonly usedByCall: string | null };
export type Verdict = "invalid" | "repeat" | "reused";

/** What it means that a token could not be spent: it was never ours, it ran out, or it was spent before. */
export const judgeUnspendable = (kept: KeptToken | undefined, callHash: string): Verdict => {
  if (kept === undefined || kept.usedByCall === null) return "invalid";
  return kept.usedByCall === callHash ? "repeat" : "reused";
};

/** Roles in the order of the contract page, each once. */
export const inOrder = (roles: readonly Role[]): Role[] =>
  Role.options.filter((role) => roles.includes(role));

/** A pair of tokens before the access token is signed. */
export type Grant = {
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
  readonly refreshToken: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
};

export const tokensOf = (grant: Grant, accessToken: string, accessMs: number): Tokens => ({
  accountId: grant.accountId,
  roles: [...grant.roles],
  accessToken,
  accessExpiresAt: instant(wholeSecond(grant.issuedAt.getTime() + accessMs)),
  refreshToken: grant.refreshToken,
  refreshExpiresAt: instant(grant.expiresAt.getTime()),
});

/** A JWT expires on a whole second. Source: RFC 7519, 4.1.4 and the kit's rounding. */
const wholeSecond = (epochMs: number): number => Math.floor(epochMs / SECOND_MS) * SECOND_MS;
