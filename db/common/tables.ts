/** What common keeps: the feed of what happened. */
import { sql } from "drizzle-orm";
import { bigint, customType, jsonb, pgSchema, text, timestamp, uniqueIndex } from "drizzle-orm/pg-core";
import { id } from "../_kit/columns.ts";

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
