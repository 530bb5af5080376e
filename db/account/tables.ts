/** What the account module keeps: who people are, where their parcels go, and every fact about money. */
import { sql } from "drizzle-orm";
import {
  bigint,
  char,
  check,
  index,
  integer,
  pgSchema,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
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

/** One fact about money. Append-only: triggers refuse every change. */
export const entry = schema.table(
  "entry",
  {
    entryId: id("ent", "entry_id").primaryKey(),
    entryKey: text("entry_key").notNull(),
    /** What it is about. */
    reference: text("reference").notNull(),
    kind: text("kind", { enum: ["capture", "refund", "payout", "commission", "adjustment"] }).notNull(),
    lineCount: smallint("line_count").notNull(),
    bodyHash: text("body_hash").notNull(),
    postedAt: at("posted_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("entry_key_reused").on(table.entryKey),
    index("entry_of_reference").on(table.reference, table.postedAt),
    check(
      "entry_kind_unknown",
      sql`${table.kind} in ('capture', 'refund', 'payout', 'commission', 'adjustment')`,
    ),
    check("entry_line_count_out_of_bounds", sql`${table.lineCount} between 2 and 200`),
  ],
);

/** Append-only; a trigger refuses lines that do not add up to zero, or that are not all lines of their entry. */
export const entryLine = schema.table(
  "entry_line",
  {
    entryId: id("ent", "entry_id")
      .notNull()
      .references(() => entry.entryId),
    position: smallint("position").notNull(),
    account: text("account").notNull(),
    currency: char("currency", { length: 3 }).notNull(),
    minor: bigint("minor", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ name: "entry_line_position_twice", columns: [table.entryId, table.position] }),
    index("entry_line_of_account").on(table.account, table.currency, table.minor),
  ],
);

/** What guarded accounts hold. The accounts that every order touches have no row here: theirs is the sum of lines. */
export const balance = schema.table(
  "balance",
  {
    account: text("account").notNull(),
    currency: char("currency", { length: 3 }).notNull(),
    minor: bigint("minor", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ name: "balance_account_twice", columns: [table.account, table.currency] }),
    check("balance_never_below_zero", sql`${table.minor} >= 0`),
    check("balance_of_guarded_accounts_only", sql`${table.account} ~ '^(escrow|wallet):'`),
  ],
);
