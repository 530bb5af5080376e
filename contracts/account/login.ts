/** Who is calling: registration, sessions and the tokens that prove them. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { CommonRefusals, refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, Nothing, text } from "../_kit/word.ts";

/** An address that can receive mail; compared without regard to case. */
export const Email = z.email().max(254);
export const Password = z.string().min(10).max(200);
export const Role = z.enum(["account", "seller", "operator"]);
export type Role = z.infer<typeof Role>;

/** A refresh token is opaque, 43 characters of base64url, good for one use. */
export const RefreshToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const Tokens = z.object({
  accountId: id("acc"),
  roles: z.array(Role),
  accessToken: z.string(),
  accessExpiresAt: Instant,
  refreshToken: RefreshToken,
  refreshExpiresAt: Instant,
});
export type Tokens = z.infer<typeof Tokens>;

export const LoginRefusals = refusals({
  EMAIL_TAKEN: { status: 409, says: "There is an account with this email already." },
  BAD_CREDENTIALS: { status: 401, says: "Email and password do not belong together." },
  REFRESH_INVALID: { status: 401, says: "This refresh token is unknown or expired: sign in again." },
  REFRESH_REUSED: {
    status: 401,
    says: "This refresh token was used before: every session grown from it is closed, sign in again.",
  },
});

export const Login = service("Login", {
  /** Opens an account with the role `account`.
   *  Takes    password 10 to 200 characters; email in any case
   *  Gives    the account's id
   *  Refuses  EMAIL_TAKEN
   *  Repeats  the same call: the same account; a new call: EMAIL_TAKEN */
  register: step(
    z.strictObject({ email: Email, password: Password, displayName: text(80) }),
    z.object({ accountId: id("acc") }),
    { who: "anyone", refuses: [LoginRefusals.EMAIL_TAKEN], http: "POST /accounts" },
  ),

  /** Opens a session.
   *  Gives    an access token for 10 minutes, a refresh token for 30 days
   *  Refuses  BAD_CREDENTIALS, after the same time whether or not the account exists; ACCOUNT_SUSPENDED, only to
   *           whoever has the password
   *  Repeats  another session */
  signIn: step(z.strictObject({ email: Email, password: z.string().min(1).max(200) }), Tokens, {
    who: "anyone",
    refuses: [LoginRefusals.BAD_CREDENTIALS, CommonRefusals.ACCOUNT_SUSPENDED],
    http: "POST /sessions",
  }),

  /** Trades a refresh token for the next pair; roles are read anew.
   *  Refuses  REFRESH_INVALID, REFRESH_REUSED (and closes the session), ACCOUNT_SUSPENDED (and spends nothing)
   *  Repeats  the same call: the same pair; a new call with a used token: REFRESH_REUSED */
  refresh: step(z.strictObject({ refreshToken: RefreshToken }), Tokens, {
    who: "anyone",
    refuses: [LoginRefusals.REFRESH_INVALID, LoginRefusals.REFRESH_REUSED, CommonRefusals.ACCOUNT_SUSPENDED],
    http: "POST /sessions/refresh",
  }),

  /** Closes the caller's session: its access and refresh tokens stop at once.
   *  Repeats  UNAUTHENTICATED, because the session is closed */
  signOut: step(Nothing, Done, { who: "account", http: "DELETE /sessions/current" }),

  /** Is this session open, and may its account act?
   *  Takes    the session of an access token
   *  Gives    live: false for a closed, expired or unknown one; suspended: of a live one only */
  live: read(
    z.strictObject({ sessionId: id("ses") }),
    z.object({ live: z.boolean(), suspended: z.boolean() }),
    { who: "module" },
  ),
});
