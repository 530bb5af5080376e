/** What the order module keeps of the platform's share, and of sellers' money on its way to their banks. */
import { sql } from "drizzle-orm";
import { check, integer, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import { createdAt, currency, minor } from "../_kit/columns.ts";
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
