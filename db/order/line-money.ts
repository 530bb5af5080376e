/** What the order module keeps of what became of lines: each movement of their money, and what was done about them. */
import { check, index, primaryKey, text } from "drizzle-orm/pg-core";
import { createdAt, id, minor, oneOf } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

/** Where each minor unit of a line went, and under which key: append only. The ledger's entries are made of these rows. */
export const lineMoney = schema.table(
  "line_money",
  {
    key: text("key").notNull(),
    lineId: id("lin", "line_id").notNull(),
    orderId: id("ord", "order_id").notNull(),
    kind: text("kind", { enum: ["carry", "release", "return", "chargeback", "reinstate"] }).notNull(),
    /** What the line's columns of these names changed by; `escrow` is what follows from them. */
    carriedMinor: minor("carried_minor").notNull().default(0),
    releasedMinor: minor("released_minor").notNull().default(0),
    returnedMinor: minor("returned_minor").notNull().default(0),
    clawedMinor: minor("clawed_minor").notNull().default(0),
    uncarriedMinor: minor("uncarried_minor").notNull().default(0),
    /** The platform's share: taken by a release, given back with what the seller gives back. */
    commissionMinor: minor("commission_minor").notNull().default(0),
    /** What the platform gave beside it: to the seller and to the buyer. Below zero: took back. */
    subsidizedMinor: minor("subsidized_minor").notNull().default(0),
    rewardedMinor: minor("rewarded_minor").notNull().default(0),
    /** What of the carriage a release took from the seller. */
    borneMinor: minor("borne_minor").notNull().default(0),
    movedAt: createdAt("moved_at"),
  },
  (t) => [
    primaryKey({ name: "line_money_moved_once", columns: [t.key, t.lineId] }),
    index("money_of_order").on(t.orderId),
    check("line_money_kind_known", oneOf(t.kind, ["carry", "release", "return", "chargeback", "reinstate"])),
  ],
);

/** Duties that leave no other trace: reminders, escalations. Once each. */
export const dutyNote = schema.table(
  "duty_note",
  {
    orderId: id("ord", "order_id").notNull(),
    key: text("key").notNull(),
    notedAt: createdAt("noted_at"),
  },
  (t) => [primaryKey({ name: "duty_noted_once", columns: [t.orderId, t.key] })],
);
