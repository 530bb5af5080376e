/** What the order module tells people: one row a fact. */
import { bigint, text, unique } from "drizzle-orm/pg-core";
import { createdAt, id } from "../_kit/columns.ts";
import { schema } from "./tables.ts";

/** What people can read of a checkout and its orders. `what` happens once to each of them, `detail` tells repeats apart. */
export const timeline = schema.table(
  "timeline",
  {
    entry: bigint("entry", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
    checkoutId: id("chk", "checkout_id").notNull(),
    /** Null: it is about the checkout, hence about all its orders. */
    orderId: id("ord", "order_id"),
    what: text("what").notNull(),
    detail: text("detail").notNull().default(""),
    says: text("says").notNull(),
    at: createdAt("at"),
  },
  (t) => [unique("told_once").on(t.checkoutId, t.orderId, t.what, t.detail).nullsNotDistinct()],
);
