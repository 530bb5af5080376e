import { and, eq, sql } from "drizzle-orm";
import { CheckoutRefusals, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import type { Attempt } from "@shopnexus/contracts/order/attempt";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import { charge } from "#db/order/payments.ts";
import { checkout, checkoutLine, order } from "#db/order/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";

/** Everything the buyer may know of a checkout, in one statement. Leans on primary keys and unique keys alone. */
export const find: Step<typeof Attempt, "find"> = async ({ checkoutId, accountId }, { db }) => {
  const [row] = await db
    .select({ own: checkout, lines: LINES, payment: PAYMENT, orderIds: ORDER_IDS })
    .from(checkout)
    .where(and(eq(checkout.checkoutId, checkoutId), eq(checkout.accountId, accountId)));
  if (row === undefined) throw refuse(CheckoutRefusals.CHECKOUT_UNKNOWN, {});
  const { own, lines, payment, orderIds } = row;
  return {
    checkoutId,
    state: own.state,
    refused: own.refused,
    total: own.totalMinor === null ? null : { minor: own.totalMinor, currency: own.currency ?? "" },
    wallet: own.totalMinor === null ? null : { minor: own.walletMinor, currency: own.currency ?? "" },
    address: own.address,
    lines,
    groups: groupsOf(own),
    payment,
    windowEndsAt: own.windowEndsAt === null ? null : instant(own.windowEndsAt.getTime()),
    orderIds,
  };
};

const groupsOf = ({ groups, currency }: typeof checkout.$inferSelect): CheckoutView["groups"] =>
  (groups ?? []).map(({ sellerId, carrier, service, days, shippingMinor }) => ({
    sellerId,
    carrier,
    service,
    days,
    shipping: { minor: shippingMinor, currency: currency ?? "" },
  }));

// Named in full: drizzle leaves the table's name out, and inside a subquery a bare name would be the inner table's.
const ID = sql.raw('"checkout"."checkout_id"');
const CURRENCY = sql.raw('"checkout"."currency"');

const LINES = sql<CheckoutView["lines"]>`(
  select coalesce(json_agg(json_build_object(
    'lineId', l.line_id, 'skuId', l.sku_id, 'listingId', l.listing_id, 'sellerId', l.seller_id, 'title', l.title,
    'pieces', l.pieces,
    'unitPrice', json_build_object('minor', l.unit_minor, 'currency', ${CURRENCY}),
    'discount', json_build_object('minor', l.discount_minor, 'currency', ${CURRENCY}),
    'total', json_build_object('minor', l.total_minor, 'currency', ${CURRENCY}),
    'shipping', json_build_object('minor', l.shipping_minor, 'currency', ${CURRENCY}),
    'source', case when l.source_currency is null then json_build_object('minor', l.unit_minor, 'currency', ${CURRENCY})
      else json_build_object('minor', l.source_minor, 'currency', l.source_currency) end,
    'note', l.note, 'state', l.state, 'reason', l.reason, 'isBackordered', l.is_backordered
  ) order by l.position), '[]')
  from ${checkoutLine} l where l.checkout_id = ${ID})`;

const ORDER_IDS = sql<string[]>`(
  select coalesce(json_agg(o.order_id order by o.order_id), '[]')
  from ${order} o where o.checkout_id = ${ID})`;

/** The newest attempt to pay; its secret is for as long as the buyer may use it. */
const PAYMENT = sql<CheckoutView["payment"]>`(
  select json_build_object(
    'chargeId', p.charge_id, 'gateway', p.gateway, 'state', p.state, 'attempt', p.attempt,
    'amount', json_build_object('minor', p.amount_minor, 'currency', p.currency),
    'clientSecret', case when p.state = 'open' then p.client_secret end,
    'redirectUrl', case when p.state = 'open' then p.redirect_url end)
  from ${charge} p where p.checkout_id = ${ID} order by p.attempt desc limit 1)`;
