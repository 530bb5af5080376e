/** What the account module keeps of people: who they are and where their parcels go. Money is in `ledger.ts`. */
import { sql } from "drizzle-orm";
import { char, check, index, integer, pgSchema, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { at, id } from "../_kit/columns.ts";

export const schema = pgSchema("account");

export const account = schema.table(
  "account",
  {
    accountId: id("acc", "account_id").primaryKey(),
    /** As it was typed; compared in lower case. */
    email: text("email").notNull(),
    passwordHash: text("password_hash").notNull(),
    displayName: text("display_name").notNull(),
    shopName: text("shop_name"),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("account_email_taken").on(sql`lower(${table.email})`),
    uniqueIndex("account_shop_name_taken").on(sql`lower(${table.shopName})`),
  ],
);

export const accountRole = schema.table(
  "account_role",
  {
    accountId: id("acc", "account_id")
      .notNull()
      .references(() => account.accountId),
    role: text("role", { enum: ["account", "seller", "operator"] }).notNull(),
    grantedBy: text("granted_by").notNull(),
    grantedAt: at("granted_at").notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ name: "account_role_held_once", columns: [table.accountId, table.role] }),
    check("account_role_unknown", sql`${table.role} in ('account', 'seller', 'operator')`),
  ],
);

/** Times that an account was shut out; at most one of them is not over. */
export const suspension = schema.table(
  "suspension",
  {
    /** SHA-256 of the call that suspended: a late repeat of it finds that it was here. */
    suspendedByCall: text("suspended_by_call").primaryKey(),
    accountId: id("acc", "account_id")
      .notNull()
      .references(() => account.accountId),
    reason: text("reason").notNull(),
    suspendedBy: text("suspended_by").notNull(),
    liftedBy: text("lifted_by"),
    liftedByCall: text("lifted_by_call"),
    suspendedAt: at("suspended_at").notNull().defaultNow(),
    liftedAt: at("lifted_at"),
  },
  (table) => [
    uniqueIndex("suspension_current_twice").on(table.accountId).where(sql`${table.liftedAt} is null`),
    uniqueIndex("suspension_lifted_twice_by_one_call").on(table.liftedByCall),
    check(
      "suspension_lifted_by_nobody",
      sql`num_nulls(${table.liftedAt}, ${table.liftedBy}, ${table.liftedByCall}) in (0, 3)`,
    ),
  ],
);

/** A session is the family of all refresh tokens that grew from one sign-in. */
export const session = schema.table(
  "session",
  {
    sessionId: id("ses", "session_id").primaryKey(),
    accountId: id("acc", "account_id")
      .notNull()
      .references(() => account.accountId),
    /** The key that the session's refresh tokens are derived with. */
    tokenSecret: text("token_secret").notNull(),
    closeReason: text("close_reason", { enum: ["signed_out", "reused"] }),
    closedByCall: text("closed_by_call"),
    openedAt: at("opened_at").notNull(),
    expiresAt: at("expires_at").notNull(),
    closedAt: at("closed_at"),
  },
  (table) => [
    check("session_close_reason_unknown", sql`${table.closeReason} in ('signed_out', 'reused')`),
    check(
      "session_closed_without_reason",
      sql`num_nulls(${table.closedAt}, ${table.closeReason}, ${table.closedByCall}) in (0, 3)`,
    ),
  ],
);

export const refreshToken = schema.table(
  "refresh_token",
  {
    /** SHA-256 of the token; the token itself is kept nowhere. */
    tokenHash: text("token_hash").primaryKey(),
    sessionId: id("ses", "session_id")
      .notNull()
      .references(() => session.sessionId),
    /** SHA-256 of the call that spent it: only that call may see its successor again. */
    usedByCall: text("used_by_call"),
    issuedAt: at("issued_at").notNull(),
    expiresAt: at("expires_at").notNull(),
    usedAt: at("used_at"),
  },
  (table) => [
    uniqueIndex("refresh_token_current_twice").on(table.sessionId).where(sql`${table.usedAt} is null`),
    check("refresh_token_used_by_nobody", sql`num_nulls(${table.usedAt}, ${table.usedByCall}) in (0, 2)`),
  ],
);

/** How full an account's address book is: the row whose CHECK keeps the limit when many add at once. */
export const addressBook = schema.table(
  "address_book",
  {
    accountId: id("acc", "account_id")
      .primaryKey()
      .references(() => account.accountId),
    addressCount: integer("address_count").notNull(),
  },
  (table) => [check("address_book_full", sql`${table.addressCount} between 0 and 50`)],
);

export const address = schema.table(
  "address",
  {
    addressId: id("adr", "address_id").primaryKey(),
    accountId: id("acc", "account_id")
      .notNull()
      .references(() => account.accountId),
    recipient: text("recipient").notNull(),
    phone: text("phone").notNull(),
    line1: text("line1").notNull(),
    line2: text("line2"),
    city: text("city").notNull(),
    region: text("region"),
    postcode: text("postcode").notNull(),
    country: char("country", { length: 2 }).notNull(),
    createdAt: at("created_at").notNull().defaultNow(),
  },
  (table) => [index("address_of_account").on(table.accountId, table.createdAt)],
);
