import { sql } from "drizzle-orm";
import type { Sales } from "@shopnexus/contracts/order/sales";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { report, type Sums, soldView, sums, withSold } from "./rows.ts";
import { assertDays } from "./rules.ts";

/** How many are shown where nobody says. */
const LIMIT = 5;

/** A product is called what it was called last. */
export const top: Step<typeof Sales, "top"> = async ({ by, limit = LIMIT, ...range }, { db, who }) => {
  assertDays(range);
  const first = sql.raw(by === "pieces" ? "sum(pieces)" : "sum(revenue)");
  const rows = await report<Row>(
    db,
    sql`${withSold(accountOf(who).accountId, range)}
      select zone.name is not null as "isKnown", best.*
      from zone left join lateral (
        select sku_id as "skuId", ${newest("listing_id")} as "listingId", ${newest("title")} as title, ${sums()}
        from sold group by sku_id order by ${first} desc, sku_id limit ${limit}
      ) best on true`,
  );
  return {
    products: rows.flatMap(({ skuId, listingId, title, ...sold }) =>
      skuId === null ? [] : [{ skuId, listingId, title, ...soldView(sold, range.currency) }],
    ),
  };
};

const newest = (column: string) =>
  sql`(array_agg(${sql.identifier(column)} order by placed_at desc, line_id desc))[1]`;

type Row = Sums & { readonly skuId: string | null; readonly listingId: string; readonly title: string };
