/** Orders against the ledger, order by order, in slices of their ids. */
import type { Sql } from "postgres";
import { type Check, checkOf } from "./report.ts";
import { isIn, type Slice, slicesOf } from "./slices.ts";

/** What the order module says of the money of one order, and what the ledger says of its escrow. */
type Ours = {
  orderId: string;
  currency: string;
  lines: number;
  paid: number;
  escrow: number;
  carried: number;
  released: number;
  /** Out of escrow, to the buyer. */
  refunded: number;
  chargedBack: number;
  /** What the platform gave beside it and has not taken back, to the seller and to the buyer. */
  subsidized: number;
  rewarded: number;
  /** The columns of the lines are the sum of their movements. */
  drift: number;
};
type Theirs = {
  orderId: string;
  currency: string;
  capture: number;
  shipping: number;
  release: number;
  refund: number;
  chargeback: number;
  other: number;
  balance: number;
};

const ours = (sql: Sql, slice: Slice): Promise<Ours[]> => {
  const isHere = isIn(sql, "order_id", slice);
  return sql<Ours[]>`
    with line as materialized (
      select order_id, count(*)::int as lines, sum(paid_minor) as paid, sum(escrow_minor) as escrow,
        sum(carried_minor) as carried, sum(released_minor) as released, sum(returned_minor) as returned,
        sum(clawed_minor) as clawed, sum(uncarried_minor) as uncarried,
        sum(charged_minor) as charged, sum(subsidized_minor) as subsidized, sum(rewarded_minor) as rewarded
      from "order".checkout_line where ${isHere} group by order_id),
    moved as materialized (
      select order_id, sum(carried_minor) as carried, sum(released_minor) as released,
        sum(returned_minor) as returned, sum(clawed_minor) as clawed, sum(uncarried_minor) as uncarried,
        sum(case when kind = 'release' then commission_minor else -commission_minor end) as charged,
        sum(subsidized_minor) as subsidized, sum(rewarded_minor) as rewarded,
        sum(returned_minor - clawed_minor - uncarried_minor) filter (where kind = 'return') as refunded,
        sum(returned_minor - clawed_minor - uncarried_minor) filter (where kind in ('chargeback', 'reinstate')) as charged_back
      from "order".line_money where ${isHere} group by order_id)
    select o.order_id as "orderId", o.currency, coalesce(l.lines, 0) as lines,
      coalesce(l.paid, 0)::float8 as paid, coalesce(l.escrow, 0)::float8 as escrow,
      coalesce(l.carried, 0)::float8 as carried, coalesce(l.released, 0)::float8 as released,
      coalesce(m.refunded, 0)::float8 as refunded, coalesce(m.charged_back, 0)::float8 as "chargedBack",
      coalesce(l.subsidized, 0)::float8 as subsidized, coalesce(l.rewarded, 0)::float8 as rewarded,
      (abs(coalesce(l.carried, 0) - coalesce(m.carried, 0)) + abs(coalesce(l.released, 0) - coalesce(m.released, 0))
        + abs(coalesce(l.returned, 0) - coalesce(m.returned, 0)) + abs(coalesce(l.clawed, 0) - coalesce(m.clawed, 0))
        + abs(coalesce(l.uncarried, 0) - coalesce(m.uncarried, 0))
        + abs(coalesce(l.charged, 0) - coalesce(m.charged, 0))
        + abs(coalesce(l.subsidized, 0) - coalesce(m.subsidized, 0))
        + abs(coalesce(l.rewarded, 0) - coalesce(m.rewarded, 0)))::float8 as drift
    from (select order_id, currency from "order"."order" where ${isHere}) o
    left join line l using (order_id) left join moved m using (order_id)`;
};

const ESCROW = "escrow:";

/** Accounts are sliced as the ids behind them are; the first and the last slice take in whatever else is called so. */
const theirs = (sql: Sql, { after, upTo }: Slice): Promise<Theirs[]> => {
  const slice = { after: ESCROW + after, upTo: upTo && ESCROW + upTo };
  return sql<Theirs[]>`
    select substr(l.account, 8) as "orderId", l.currency,
      coalesce(sum(l.minor) filter (where e.kind = 'capture'), 0)::float8 as capture,
      coalesce(-sum(l.minor) filter (where e.kind = 'shipping'), 0)::float8 as shipping,
      coalesce(-sum(l.minor) filter (where e.kind = 'release'), 0)::float8 as release,
      coalesce(-sum(l.minor) filter (where e.kind = 'refund'), 0)::float8 as refund,
      coalesce(-sum(l.minor) filter (where e.kind = 'chargeback'), 0)::float8 as chargeback,
      coalesce(sum(l.minor) filter (where e.kind not in ('capture', 'shipping', 'release', 'refund', 'chargeback')), 0)::float8 as other,
      sum(l.minor)::float8 as balance
    from account.entry_line l join account.entry e using (entry_id)
    where ${isIn(sql, "l.account", slice)} and starts_with(l.account, ${ESCROW})
    group by l.account, l.currency`;
};

type Gifts = { orderId: string; currency: string; subsidized: number; rewarded: number };

/** What the platform's own account for it says of each order, by what the entries are about. */
const gifts = (sql: Sql, slice: Slice): Promise<Gifts[]> => sql<Gifts[]>`
    select e.reference as "orderId", l.currency,
      coalesce(-sum(l.minor) filter (where e.kind <> 'cashback'), 0)::float8 as subsidized,
      coalesce(-sum(l.minor) filter (where e.kind = 'cashback'), 0)::float8 as rewarded
    from account.entry e join account.entry_line l using (entry_id)
    where ${isIn(sql, "e.reference", slice)} and starts_with(e.reference, 'ord_')
      and e.kind in ('release', 'refund', 'chargeback', 'cashback') and l.account = 'platform:promotions'
    group by e.reference, l.currency`;

export const auditOrders = async (order: Sql, account: Sql): Promise<Check[]> => {
  const escrow = checkOf(
    "escrow",
    "the escrow of every order is what was captured, less what was carried, released, refunded and charged back",
  );
  const lines = checkOf("lines", "the money of every line is the sum of its movements");
  const given = checkOf(
    "promotions",
    "what the platform gave for every order, to its seller and its buyer, is what its lines say",
  );
  for (const slice of await slicesOf(order, "order.order", "order_id")) {
    const orders = new Map((await ours(order, slice)).map((row) => [row.orderId, row]));
    const books = await theirs(account, slice);
    compareGifts(given, orders, await gifts(account, slice));
    const known = new Set(books.map(({ orderId }) => orderId));
    for (const own of orders.values()) {
      escrow.look();
      lines.look(own.lines);
      if (own.drift !== 0) lines.find(own.orderId, `its lines and their movements differ by ${own.drift}`);
      if (own.paid !== 0 && !known.has(own.orderId))
        escrow.find(own.orderId, `was paid ${own.paid} ${own.currency}, and the ledger knows nothing of it`);
    }
    for (const book of books) {
      const own = orders.get(book.orderId);
      if (own !== undefined) compare(escrow, own, book);
      else
        escrow.find(
          book.orderId,
          `the ledger has escrow of ${book.balance} ${book.currency}, and there is no such order`,
        );
    }
  }
  return [escrow.end(), lines.end(), given.end()];
};

const compareGifts = (
  check: ReturnType<typeof checkOf>,
  orders: ReadonlyMap<string, Ours>,
  books: readonly Gifts[],
): void => {
  const told = new Map(books.map((book) => [`${book.orderId} ${book.currency}`, book]));
  for (const own of orders.values()) {
    check.look();
    const key = `${own.orderId} ${own.currency}`;
    const book = told.get(key) ?? { subsidized: 0, rewarded: 0 };
    told.delete(key);
    for (const what of ["subsidized", "rewarded"] as const)
      if (own[what] !== book[what])
        check.find(own.orderId, `${what}: ${own[what]} by its lines, ${book[what]} by the ledger`);
  }
  for (const { orderId, currency } of told.values())
    check.find(orderId, `was given something in ${currency}, and there is no such order`);
};

const compare = (check: ReturnType<typeof checkOf>, own: Ours, books: Theirs): void => {
  const differ = (what: string, here: number, there: number): void => {
    if (here !== there) check.find(own.orderId, `${what}: ${here} by its lines, ${there} by the ledger`);
  };
  if (own.currency !== books.currency)
    check.find(own.orderId, `is in ${own.currency}, its escrow in ${books.currency}`);
  differ("captured", own.paid, books.capture);
  differ("for carriage", own.carried, books.shipping);
  differ("released", own.released, books.release);
  differ("refunded", own.refunded, books.refund);
  differ("charged back", own.chargedBack, books.chargeback);
  differ("anything else", 0, books.other);
  differ("in escrow", own.escrow, books.balance);
};
