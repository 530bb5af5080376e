/** SQL that the reports of Sales share. */
import { type SQL, sql } from "drizzle-orm";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Sales, SalesRefusals } from "@shopnexus/contracts/order/sales";
import type { Db } from "#db/_kit/database.ts";
import { checkoutLine, order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";

type Range = In<typeof Sales, "summary">;

/**
 * Two tables to select from: `zone`, whose name is null where Postgres knows none of that name, and `sold`: lines that
 * count, each with the day of that zone on which its order was placed. A day of any zone is within a day of UTC's, which
 * is how its orders are found; the day itself is judged by the zone, so clocks that are put forward or back lose nothing
 * and count nothing twice. Leans on orders_of_seller and lines_of_order.
 */
export const withSold = (sellerId: string, { fromOn, toOn, currency, zone }: Range): SQL => sql`
  with zone as materialized (
    select case when pg_input_is_valid('2000-01-01 00:00 ' || ${zone}::text, 'timestamptz') then ${zone}::text end as name
  ), placed as (
    select o.order_id, o.placed_at, (o.placed_at at time zone (select name from zone))::date as day
    from ${order} o
    where o.seller_id = ${sellerId} and o.currency = ${currency}
      and o.placed_at >= (${fromOn}::date - 1)::timestamp at time zone 'UTC'
      and o.placed_at < (${toOn}::date + 2)::timestamp at time zone 'UTC'
  ), sold as (
    select p.day, p.placed_at, l.order_id, l.line_id, l.sku_id, l.listing_id, l.title,
      l.paid_minor - l.returned_minor as revenue, l.returned_minor as refunds, l.pieces - l.pieces_back as pieces
    from placed p join ${checkoutLine} l on l.order_id = p.order_id
    where p.day between ${fromOn}::date and ${toOn}::date and l.state not in ('cancelled', 'rejected')
  )`;

/** Columns of what was sold, as text: sums are read from it to the last digit. */
export const sums = (when: SQL = sql`true`, suffix = ""): SQL => {
  const named = (name: string) => sql.identifier(`${name}${suffix}`);
  return sql`
    coalesce(sum(revenue) filter (where ${when}), 0)::text as ${named("revenue")},
    (count(distinct order_id) filter (where ${when}))::text as ${named("orders")},
    coalesce(sum(pieces) filter (where ${when}), 0)::text as ${named("pieces")}`;
};

export type Sums = { readonly revenue: string; readonly orders: string; readonly pieces: string };

export const soldView = ({ revenue, orders, pieces }: Sums, currency: string) => ({
  revenue: { minor: Number(revenue), currency },
  orders: Number(orders),
  pieces: Number(pieces),
});

/** The rows of a report; each says whether the zone is known, and there is one at least. */
export const report = async <T extends object>(db: Db, statement: SQL): Promise<[T, ...T[]]> => {
  const [first, ...others] = await db.execute<{ isKnown: boolean }>(statement);
  assert(first !== undefined, "a report has a row even of nothing");
  if (!first.isKnown) throw refuse(SalesRefusals.ZONE_UNKNOWN, {});
  return [first, ...others] as unknown as [T, ...T[]];
};
