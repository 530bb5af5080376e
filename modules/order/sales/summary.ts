import { type SQL, sql } from "drizzle-orm";
import { ClaimState } from "@shopnexus/contracts/order/complaint";
import type { Sales } from "@shopnexus/contracts/order/sales";
import { claim } from "#db/order/claims.ts";
import { checkoutLine } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { isOver } from "../claim/rules.ts";
import { report, type Sums, soldView, sums, withSold } from "./rows.ts";
import { assertDays, changeOf, dayBefore } from "./rules.ts";

export const summary: Step<typeof Sales, "summary"> = async (range, { db, who }) => {
  assertDays(range);
  const { currency, fromOn } = range;
  const { accountId } = accountOf(who);
  const [row] = await report<Row>(
    db,
    sql`${withSold(accountId, { ...range, fromOn: dayBefore(range) })}
      select (select name is not null from zone) as "isKnown",
        ${sums(sql`day >= ${fromOn}::date`)}, ${sums(sql`day < ${fromOn}::date`, "Before")},
        coalesce(sum(refunds) filter (where day >= ${fromOn}::date), 0)::text as refunds,
        ${linesToConfirm(accountId)} as "linesToConfirm", ${openClaims(accountId)} as "openClaims"
      from sold`,
  );
  const sold = soldView(row, currency);
  const { revenueBefore: revenue, ordersBefore: orders, piecesBefore: pieces } = row;
  const before = soldView({ revenue, orders, pieces }, currency);
  return {
    ...sold,
    refunds: { minor: Number(row.refunds), currency },
    before,
    change: {
      revenue: changeOf(sold.revenue.minor, before.revenue.minor),
      orders: changeOf(sold.orders, before.orders),
      pieces: changeOf(sold.pieces, before.pieces),
    },
    linesToConfirm: row.linesToConfirm,
    openClaims: row.openClaims,
  };
};

type Row = Sums & {
  readonly [K in keyof Sums as `${K}Before`]: string;
} & { readonly refunds: string; readonly linesToConfirm: number; readonly openClaims: number };

/** Leans on the index of the same name. */
const linesToConfirm = (sellerId: string): SQL =>
  sql`(select count(*)::int from ${checkoutLine} l where l.seller_id = ${sellerId} and l.state = 'paid')`;

const OPEN = ClaimState.options.filter((state) => !isOver(state));

/** Leans on claims_of_seller. */
const openClaims = (sellerId: string): SQL =>
  sql`(select count(*)::int from ${claim} c where c.seller_id = ${sellerId} and c.state in ${OPEN})`;
