/** What an account says of itself, and the roles it holds. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Nothing, text } from "../_kit/word.ts";
import { Role } from "./login.ts";

export const Me = z.object({
  accountId: id("acc"),
  email: z.string(),
  displayName: z.string(),
  shopName: z.string().nullable(),
  roles: z.array(Role),
  createdAt: Instant,
});

export const Standing = z.object({ suspended: z.boolean() });

export const ProfileRefusals = refusals({
  ACCOUNT_UNKNOWN: { status: 404, says: "There is no such account." },
  SHOP_NAME_TAKEN: { status: 409, says: "Another shop has this name." },
});

export const Profile = service("Profile", {
  /** The caller's own profile. */
  me: read(Nothing, Me, { who: "account", http: "GET /me" }),

  /** Changes the caller's display name.
   *  Repeats  the same name again: nothing changes */
  edit: step(z.strictObject({ displayName: text(80) }), Me, { who: "account", http: "PATCH /me" }),

  /** Makes the caller a seller; the role is in the tokens from the next refresh on.
   *  Refuses  SHOP_NAME_TAKEN
   *  Repeats  renames the shop */
  openShop: step(z.strictObject({ shopName: text(80) }), Me, {
    who: "account",
    refuses: [ProfileRefusals.SHOP_NAME_TAKEN],
    http: "POST /me/shop",
  }),

  /** Gives an account a role; it is in the tokens from the next refresh on.
   *  Refuses  ACCOUNT_UNKNOWN
   *  Repeats  nothing changes */
  grant: step(z.strictObject({ accountId: id("acc"), role: Role }), Me, {
    who: "operator",
    refuses: [ProfileRefusals.ACCOUNT_UNKNOWN],
  }),

  /** Suspends an account: every operation with its tokens is refused from now on, also signing in.
   *  Refuses  ACCOUNT_UNKNOWN
   *  Repeats  nothing changes, the first reason stays; a late repeat does not undo a lift */
  suspend: step(z.strictObject({ accountId: id("acc"), reason: text(500) }), Standing, {
    who: "operator",
    refuses: [ProfileRefusals.ACCOUNT_UNKNOWN],
  }),

  /** Ends a suspension: the sessions that the account had work again.
   *  Refuses  ACCOUNT_UNKNOWN
   *  Repeats  nothing changes; a late repeat does not lift a later suspension */
  lift: step(z.strictObject({ accountId: id("acc") }), Standing, {
    who: "operator",
    refuses: [ProfileRefusals.ACCOUNT_UNKNOWN],
  }),

  /** Is this account suspended? An unknown one is not. */
  standing: read(z.strictObject({ accountId: id("acc") }), Standing, { who: "module" }),

  /** How an account is written to.
   *  Refuses  ACCOUNT_UNKNOWN */
  contact: read(
    z.strictObject({ accountId: id("acc") }),
    z.object({ email: z.string(), displayName: z.string() }),
    { who: "module", refuses: [ProfileRefusals.ACCOUNT_UNKNOWN] },
  ),
});
