import { sql } from "drizzle-orm";
import type { Sales } from "@shopnexus/contracts/order/sales";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { report, type Sums, soldView, sums, withSold } from "./rows.ts";
import { assertBuckets } from "./rules.ts";

/** Buckets are counted in days of the calendar, so those with 23 or 25 hours are days like any other. */
export const series: Step<typeof Sales, "series"> = async ({ granularity, ...range }, { db, who }) => {
  assertBuckets(range, granularity);
  const rows = await report<Sums & { on: string }>(
    db,
    sql`${withSold(accountOf(who).accountId, range)}, filled as (
        select date_trunc(${granularity}::text, day::timestamp) as starts, ${sums()} from sold group by 1
      )
      select (select name is not null from zone) as "isKnown", to_char(starts, 'YYYY-MM-DD') as on,
        coalesce(revenue, '0') as revenue, coalesce(orders, '0') as orders, coalesce(pieces, '0') as pieces
      from generate_series(
        date_trunc(${granularity}::text, ${range.fromOn}::date::timestamp),
        ${range.toOn}::date::timestamp,
        ('1 ' || ${granularity}::text)::interval
      ) as bucket(starts) left join filled using (starts)
      order by starts`,
  );
  return { buckets: rows.map((row) => ({ on: row.on, ...soldView(row, range.currency) })) };
};
