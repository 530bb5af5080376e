import { type SQL, sql } from "drizzle-orm";
import type { Sales } from "@shopnexus/contracts/order/sales";
import { instant } from "@shopnexus/contracts/kit/time";
import { claim } from "#db/order/claims.ts";
import { parcel } from "#db/order/shipments.ts";
import { checkoutLine, order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";

type Kind = "linesToConfirm" | "claimsToAnswer" | "shipmentsRefused";
type Row = { readonly kind: Kind; readonly count: number; readonly dueMs: string | null };

export const pending: Step<typeof Sales, "pending"> = async (_input, { db, who }) => {
  const { accountId } = accountOf(who);
  const rows = await db.execute<Row>(
    sql`${toConfirm(accountId)} union all ${toAnswer(accountId)} union all ${refused(accountId)}`,
  );
  const of = (kind: Kind) => {
    const row = rows.find((one) => one.kind === kind);
    assert(row !== undefined, "a count has a row even of nothing");
    return { count: row.count, dueAt: row.dueMs === null ? null : instant(Number(row.dueMs)) };
  };
  return {
    linesToConfirm: of("linesToConfirm"),
    claimsToAnswer: of("claimsToAnswer"),
    shipmentsRefused: of("shipmentsRefused"),
  };
};

const counts = (kind: Kind, due: SQL): SQL =>
  sql`select ${kind}::text as kind, count(*)::int as count, floor(extract(epoch from min(${due})) * 1000)::bigint::text as "dueMs"`;

/** Leans on lines_to_confirm. */
const toConfirm = (sellerId: string): SQL =>
  sql`${counts("linesToConfirm", sql`l.due_at`)} from ${checkoutLine} l where l.seller_id = ${sellerId} and l.state = 'paid'`;

/** Asked for, or the goods are back. Leans on claims_of_seller. */
const toAnswer = (sellerId: string): SQL =>
  sql`${counts("claimsToAnswer", sql`c.due_at`)} from ${claim} c
    where c.seller_id = ${sellerId} and c.state in ('requested', 'returned')`;

/** Such an order is not on its way, so it is under one of three tabs. Leans on orders_of_seller_by_tab and parcels_of_order. */
const refused = (sellerId: string): SQL =>
  sql`${counts("shipmentsRefused", sql`p.try_at`)} from ${order} o join ${parcel} p on p.order_id = o.order_id
    where o.seller_id = ${sellerId} and o.tab in ('to_confirm', 'pending', 'in_dispute')
      and p.state = 'waiting' and p.trouble = 'carrier_refused'`;
