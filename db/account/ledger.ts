/** What the account module keeps of money: entries and their lines, what accounts hold, and what is set aside. */
import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";
import { EntryKind } from "@shopnexus/contracts/account/ledger";
import { WalletHoldState } from "@shopnexus/contracts/account/wallet";
import type { z } from "zod";
import { at, currency, id, minor, oneOf } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

type EntryKind = z.infer<typeof EntryKind>;
type WalletHoldState = z.infer<typeof WalletHoldState>;

/** One fact about money. Append-only: triggers refuse every change. */
export const entry = schema.table(
  "entry",
  {
    entryId: id("ent", "entry_id").primaryKey(),
    entryKey: text("entry_key").notNull(),
    /** What it is about. */
    reference: text("reference").notNull(),
    kind: text("kind").$type<EntryKind>().notNull(),
    lineCount: smallint("line_count").notNull(),
    /** It might take wallets below zero. */
    overdraws: boolean("overdraws").notNull().default(false),
    bodyHash: text("body_hash").notNull(),
    postedAt: at("posted_at").notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex("entry_key_reused").on(table.entryKey),
    index("entry_of_reference").on(table.reference, table.postedAt),
    check("entry_kind_unknown", oneOf(table.kind, EntryKind.options)),
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
    currency: currency("currency").notNull(),
    minor: minor("minor").notNull(),
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
    currency: currency("currency").notNull(),
    minor: minor("minor").notNull(),
  },
  (table) => [
    primaryKey({ name: "balance_account_twice", columns: [table.account, table.currency] }),
    check("balance_below_zero", sql`${table.minor} >= 0 or ${table.account} like 'wallet:%'`),
    check("balance_of_guarded_accounts_only", sql`${table.account} ~ '^(escrow|wallet|held):'`),
  ],
);

/**
 * What an entry did to a person's account, and what the account held after it. Written with the balance's row held, so
 * that positions are in the order in which the balance moved. Append-only.
 */
export const statementLine = schema.table(
  "statement_line",
  {
    position: bigint("position", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    account: text("account").notNull(),
    currency: currency("currency").notNull(),
    entryId: id("ent", "entry_id")
      .notNull()
      .references(() => entry.entryId),
    minor: minor("minor").notNull(),
    balanceAfter: minor("balance_after").notNull(),
  },
  (table) => [
    // No index is on the position alone: a page must never be looked for among the lines of all accounts.
    primaryKey({ name: "statement_line_position_twice", columns: [table.account, table.position] }),
    uniqueIndex("statement_line_twice").on(table.entryId, table.account, table.currency),
    check("statement_line_of_people_only", sql`${table.account} ~ '^(wallet|held):'`),
  ],
);

/** Money of a wallet that is set aside. A free that came before its hold leaves a row with nothing in it. */
export const walletHold = schema.table(
  "wallet_hold",
  {
    walletHoldId: id("whd", "wallet_hold_id").primaryKey(),
    accountId: id("acc", "account_id"),
    reference: text("reference"),
    currency: currency("currency"),
    minor: minor("minor"),
    overdraws: boolean("overdraws"),
    /** The entry that took the money. The row says so before the entry is there, so that holds are locked first. */
    spentByEntryId: id("ent", "spent_by_entry_id"),
    state: text("state").$type<WalletHoldState>().notNull(),
    heldAt: at("held_at"),
    spentAt: at("spent_at"),
    freedAt: at("freed_at"),
  },
  (table) => [
    check("wallet_hold_state_unknown", oneOf(table.state, WalletHoldState.options)),
    check("wallet_hold_below_zero", sql`${table.minor} >= 0`),
    check(
      "wallet_hold_half_known",
      sql`num_nulls(${table.accountId}, ${table.reference}, ${table.currency}, ${table.minor}, ${table.overdraws},
        ${table.heldAt}) in (0, 6)`,
    ),
    check("wallet_hold_of_nobody", sql`${table.state} = 'freed' or ${table.heldAt} is not null`),
    check("wallet_hold_freed_at_no_time", sql`(${table.state} = 'freed') = (${table.freedAt} is not null)`),
    check(
      "wallet_hold_spent_on_nothing",
      sql`num_nulls(${table.spentAt}, ${table.spentByEntryId}) = case ${table.state} when 'spent' then 0 else 2 end`,
    ),
  ],
);
