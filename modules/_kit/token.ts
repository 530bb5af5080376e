/** Tokens that prove who calls: access tokens of accounts, and short-lived ones of our own modules. EdDSA both. */
import { createPublicKey, createPrivateKey, type KeyObject } from "node:crypto";
import { errors, jwtVerify, SignJWT } from "jose";
import { Role } from "@shopnexus/contracts/account/login";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { z } from "zod";
import type { Principal } from "./principal.ts";
import type { AuthSettings, Settings } from "./settings.ts";

/** Long enough for a slow hop, too short to be worth stealing. */
export const MODULE_TOKEN_MS = 2 * MINUTE_MS;

const ACCESS = "access";
const MODULE = "module";

const AccessClaims = z.object({ sub: z.string(), sid: z.string(), roles: z.array(Role), exp: z.number() });
const ModuleClaims = z.object({ sub: z.string(), exp: z.number() });

type KeyPair = { readonly privateKey: KeyObject; readonly publicKey: KeyObject };
const keyPairs = new Map<string, KeyPair>();

const keysOf = ({ privateJwk }: AuthSettings): KeyPair => {
  const known = keyPairs.get(privateJwk);
  if (known !== undefined) return known;
  const privateKey = createPrivateKey({ key: JSON.parse(privateJwk), format: "jwk" });
  const pair = { privateKey, publicKey: createPublicKey(privateKey) };
  keyPairs.set(privateJwk, pair);
  return pair;
};

/** The public key, as `/.well-known/jwks.json` shows it. */
export const publicJwk = (auth: AuthSettings): Record<string, unknown> => ({
  ...keysOf(auth).publicKey.export({ format: "jwk" }),
  alg: "EdDSA",
  use: "sig",
});

const seconds = (ms: number): number => Math.floor(ms / 1_000);

export type AccessGrant = {
  readonly accountId: string;
  readonly sessionId: string;
  readonly roles: readonly Role[];
  readonly nowMs: number;
};

/** An access token, good for `settings.auth.accessMs` from `nowMs`. */
export const signAccess = ({ auth }: Pick<Settings, "auth">, grant: AccessGrant): Promise<string> =>
  new SignJWT({ sid: grant.sessionId, roles: [...grant.roles] })
    .setProtectedHeader({ alg: "EdDSA" })
    .setIssuer(auth.issuer)
    .setAudience(ACCESS)
    .setSubject(grant.accountId)
    .setIssuedAt(seconds(grant.nowMs))
    .setExpirationTime(seconds(grant.nowMs + auth.accessMs))
    .sign(keysOf(auth).privateKey);

/** A token that says: one of our own processes calls, on behalf of this module. */
export const signModule = (
  { auth }: Pick<Settings, "auth">,
  module: string,
  nowMs: number,
): Promise<string> =>
  new SignJWT({})
    .setProtectedHeader({ alg: "EdDSA" })
    .setIssuer(auth.issuer)
    .setAudience(MODULE)
    .setSubject(module)
    .setExpirationTime(seconds(nowMs + MODULE_TOKEN_MS))
    .sign(keysOf(auth).privateKey);

export type TokenFault = "missing" | "malformed" | "expired" | "tampered";
export type Verified =
  | { readonly principal: Principal; readonly expiresAtMs: number }
  | { readonly fault: TokenFault };

/** Checks signature, issuer and expiry of a token; whether its session is still open is for the caller to ask. */
export const verifyToken = async (auth: AuthSettings, token: string): Promise<Verified> => {
  try {
    const { payload } = await jwtVerify(token, keysOf(auth).publicKey, {
      issuer: auth.issuer,
      algorithms: ["EdDSA"],
    });
    return payload.aud === MODULE ? modulePrincipal(payload) : accessPrincipal(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) return { fault: "expired" };
    const isBroken = error instanceof errors.JWTInvalid || error instanceof errors.JWSInvalid;
    return { fault: isBroken ? "malformed" : "tampered" };
  }
};

/** Whom a bearer's token names, if it is ours: nothing is proven by it, so it decides nothing. */
export const claimedAccount = (header: string | undefined): string | undefined => {
  try {
    const claims: unknown = JSON.parse(Buffer.from(header?.split(".")[1] ?? "", "base64url").toString());
    const { sub } = claims as { sub?: unknown };
    return typeof sub === "string" ? sub : undefined;
  } catch {
    return undefined;
  }
};

const modulePrincipal = (payload: unknown): Verified => {
  const claims = ModuleClaims.parse(payload);
  return { principal: { kind: "module", module: claims.sub }, expiresAtMs: claims.exp * 1_000 };
};

const accessPrincipal = (payload: unknown): Verified => {
  const claims = AccessClaims.parse(payload);
  const { sub, sid, roles } = claims;
  return {
    principal: { kind: "account", accountId: sub, sessionId: sid, roles },
    expiresAtMs: claims.exp * 1_000,
  };
};

/** Module tokens by caller, each used for half of its life. */
export const moduleTokens = (settings: Pick<Settings, "auth">): ((caller: string) => Promise<string>) => {
  const fresh = new Map<string, { token: Promise<string>; untilMs: number }>();
  return (caller) => {
    const nowMs = Date.now();
    const known = fresh.get(caller);
    if (known !== undefined && known.untilMs > nowMs) return known.token;
    const token = signModule(settings, caller, nowMs);
    fresh.set(caller, { token, untilMs: nowMs + MODULE_TOKEN_MS / 2 });
    return token;
  };
};
