/** What the order module keeps of the platform's share, and of sellers' money on its way to their banks. */
import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { PayoutDecision, PayoutState } from "@shopnexus/contracts/order/payout";
import { at, createdAt, currency, id, minor, oneOf } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

/** Append only: of each scope the highest version holds. */
export const commissionRule = schema.table(
  "commission_rule",
  {
    /** `default`, `category:<slug>`, `seller:<account>`. */
    scope: text("scope").notNull(),
    version: integer("version").notNull(),
    /** Null where the scope has no rule of its own from here on. */
    basisPoints: integer("basis_points"),
    fixedMinor: minor("fixed_minor"),
    fixedCurrency: currency("fixed_currency"),
    putBy: text("put_by").notNull(),
    /** SHA-256 of the call: a late repeat of it finds that it was here. */
    putByCall: text("put_by_call").notNull(),
    validFrom: createdAt("valid_from"),
  },
  (t) => [
    primaryKey({ name: "commission_rule_numbered_twice", columns: [t.scope, t.version] }),
    uniqueIndex("commission_rule_put_twice_by_one_call").on(t.putByCall),
    check(
      "commission_rule_scope_unknown",
      sql`${t.scope} ~ '^(default|category:.+|seller:acc_[0-9a-f]{32})$'`,
    ),
    check("commission_rule_share_beyond_the_whole", sql`${t.basisPoints} between 0 and 10000`),
    check("commission_rule_fixed_below_zero", sql`${t.fixedMinor} >= 0`),
    check(
      "commission_rule_fixed_without_currency",
      sql`num_nulls(${t.fixedMinor}, ${t.fixedCurrency}) in (0, 2)`,
    ),
    check(
      "commission_rule_fixed_without_share",
      sql`${t.basisPoints} is not null or ${t.fixedMinor} is null`,
    ),
  ],
);

/** Append only: of each account and currency the highest version holds, and the others say what was before. */
export const bankAccount = schema.table(
  "bank_account",
  {
    accountId: id("acc", "account_id").notNull(),
    currency: currency("currency").notNull(),
    version: integer("version").notNull(),
    holder: text("holder").notNull(),
    destination: text("destination").notNull(),
    last4: text("last4").notNull(),
    putBy: text("put_by").notNull(),
    /** SHA-256 of the call: a late repeat of it finds that it was here. */
    putByCall: text("put_by_call").notNull(),
    putAt: createdAt("put_at"),
  },
  (t) => [
    primaryKey({ name: "bank_account_numbered_twice", columns: [t.accountId, t.currency, t.version] }),
    uniqueIndex("bank_account_put_twice_by_one_call").on(t.putByCall),
    index("bank_account_of_account").on(t.accountId, t.putAt),
  ],
);

export const payoutSchedule = schema.table(
  "payout_schedule",
  {
    accountId: id("acc", "account_id").primaryKey(),
    every: text("every", { enum: ["manual", "daily", "weekly", "monthly"] }).notNull(),
    /** The weekday from 1, Monday, or the day of the month. */
    day: integer("day"),
    /** Null where nothing happens without being asked for. */
    nextAt: at("next_at"),
    /** The call that took it last, by its SHA-256, and for which time. */
    claimedByCall: text("claimed_by_call"),
    claimedFor: at("claimed_for"),
    changedAt: createdAt("changed_at"),
  },
  (t) => [
    index("payout_schedule_due").on(t.nextAt),
    index("payout_schedule_claimed").on(t.claimedByCall),
    check("payout_schedule_unknown", oneOf(t.every, ["manual", "daily", "weekly", "monthly"])),
    check("payout_schedule_without_time", sql`(${t.every} = 'manual') = (${t.nextAt} is null)`),
    check(
      "payout_schedule_day_wrong",
      sql`case ${t.every} when 'weekly' then coalesce(${t.day} between 1 and 7, false) when 'monthly' then coalesce(${t.day} between 1 and 28, false) else ${t.day} is null end`,
    ),
  ],
);

const UNSENT = "'requested', 'awaiting_approval', 'suspended', 'refused', 'denied', 'cancelled', 'failed'";

export const payout = schema.table(
  "payout",
  {
    payoutId: id("pay", "payout_id").primaryKey(),
    accountId: id("acc", "account_id").notNull(),
    requestKey: text("request_key").notNull(),
    isScheduled: boolean("is_scheduled").notNull(),
    amountMinor: minor("amount_minor").notNull(),
    currency: currency("currency").notNull(),
    provider: text("provider").notNull(),
    /** The bank account as it was when the payout was asked for: every repeat goes there. */
    destination: text("destination").notNull(),
    holder: text("holder").notNull(),
    last4: text("last4").notNull(),
    state: text("state").$type<PayoutState>().notNull().default("requested"),
    needsApproval: boolean("needs_approval").notNull(),
    decision: text("decision").$type<PayoutDecision>(),
    note: text("note"),
    decidedBy: id("acc", "decided_by"),
    decidedByCall: text("decided_by_call"),
    isEscalated: boolean("is_escalated").notNull().default(false),
    refused: jsonb("refused").$type<Refused>(),
    /** How often the provider was asked to send it; before a second time it is asked whether it has. */
    sendCount: integer("send_count").notNull().default(0),
    transferRef: text("transfer_ref"),
    returnedMinor: minor("returned_minor").notNull().default(0),
    requestedAt: createdAt("requested_at"),
    /** When waiting for an operator ends. */
    dueAt: at("due_at"),
    decidedAt: at("decided_at"),
    sentAt: at("sent_at"),
    endedAt: at("ended_at"),
  },
  (t) => [
    index("payouts_of_account").on(t.accountId, t.requestedAt, t.payoutId),
    index("payouts_by_state").on(t.state, t.requestedAt, t.payoutId),
    index("payouts_by_time").on(t.requestedAt, t.payoutId),
    uniqueIndex("payout_transfer_twice").on(t.transferRef),
    check("payout_state_unknown", oneOf(t.state, PayoutState.options)),
    check("payout_decision_unknown", oneOf(t.decision, PayoutDecision.options)),
    check("payout_of_nothing", sql`${t.amountMinor} > 0`),
    check("payout_decided_by_nobody", sql`num_nulls(${t.decision}, ${t.decidedAt}) in (0, 2)`),
    check(
      "payout_large_and_unapproved",
      sql`not ${t.needsApproval} or coalesce(${t.decision} = 'approved', false) or ${t.state} in (${sql.raw(UNSENT)})`,
    ),
    check(
      "payout_sent_without_transfer",
      sql`(${t.state} in ('sent', 'reversed')) = (${t.transferRef} is not null)`,
    ),
    check("payout_returned_more_than_sent", sql`${t.returnedMinor} between 0 and ${t.amountMinor}`),
    check(
      "payout_reversed_in_part",
      sql`(${t.state} = 'reversed') = (${t.returnedMinor} = ${t.amountMinor})`,
    ),
  ],
);

/** What a bank gave back of a payout, each time more in all: the ledger's entries are made of these rows. */
export const payoutReturn = schema.table(
  "payout_return",
  {
    payoutId: id("pay", "payout_id").notNull(),
    uptoMinor: minor("upto_minor").notNull(),
    minor: minor("minor").notNull(),
    foundAt: createdAt("found_at"),
  },
  (t) => [
    primaryKey({ name: "payout_returned_twice", columns: [t.payoutId, t.uptoMinor] }),
    check("payout_return_of_nothing", sql`${t.minor} between 1 and ${t.uptoMinor}`),
  ],
);
