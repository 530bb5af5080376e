/** What common keeps: the feed of what happened, exchange rates, and every mail. */
import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  customType,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { at, currency, id } from "../_kit/columns.ts";

export const schema = pgSchema("common");

/** A transaction's number, 64 bits: it never wraps. As text: a row is only ever compared by it in SQL. */
const transactionNumber = customType<{ data: string; driverData: string }>({ dataType: () => "xid8" });

/** Append only. Readers go by (written_in, position): see the module's README, decision 1. */
export const event = schema.table(
  "event",
  {
    eventId: id("evt", "event_id").primaryKey(),
    eventKey: text("event_key").notNull().unique("event_key_is_taken"),
    kind: text("kind").notNull(),
    /** What it is about, an id of any module. */
    subject: text("subject").notNull(),
    data: jsonb("data").$type<Record<string, unknown>>().notNull(),
    writtenIn: transactionNumber("written_in").notNull().default(sql`pg_current_xact_id()`),
    position: bigint("position", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    happenedAt: timestamp("happened_at", { withTimezone: true }).notNull().defaultNow(),
  },
  (row) => [uniqueIndex("event_in_order").on(row.writtenIn, row.position)],
);

/** The newest rate of each currency: so many units of it are worth one unit of the base. */
export const rate = schema.table(
  "rate",
  {
    base: currency("base").notNull(),
    currency: currency("currency").notNull(),
    /** As its source wrote it: a decimal, never a double. */
    rate: numeric("rate", { precision: 24, scale: 12 }).notNull(),
    takenAt: at("taken_at").notNull(),
  },
  (row) => [
    primaryKey({ name: "rate_once_a_pair", columns: [row.base, row.currency] }),
    check("rate_above_zero", sql`${row.rate} > 0`),
    check("rate_between_two", sql`${row.base} <> ${row.currency}`),
  ],
);

/** One mail a business event, named by its key. */
export const mail = schema.table(
  "mail",
  {
    messageKey: text("message_key").primaryKey(),
    messageId: text("message_id").notNull(),
    recipient: text("recipient").notNull(),
    recipientName: text("recipient_name"),
    template: text("template").notNull(),
    /** What the template needs: a repeat with other facts sends these. */
    facts: jsonb("facts").$type<Record<string, unknown>>().notNull(),
    state: text("state", { enum: ["queued", "sent", "refused", "skipped"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    /** Until then one process is talking to the mail server about it, and others let it. */
    claimedUntil: at("claimed_until"),
    reason: text("reason"),
    position: bigint("position", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    queuedAt: at("queued_at").notNull().defaultNow(),
    sentAt: at("sent_at"),
  },
  (row) => [
    unique("mail_message_id_once").on(row.messageId),
    check("mail_state_known", sql`${row.state} in ('queued', 'sent', 'refused', 'skipped')`),
    check("mail_sent_has_time", sql`(${row.state} = 'sent') = (${row.sentAt} is not null)`),
    check("mail_attempts_never_below_zero", sql`${row.attempts} >= 0`),
    index("mail_newest").on(row.position),
    index("mail_newest_of_state").on(row.state, row.position),
  ],
);
