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
  /** What carriage brought the platform, who pays the carriers: from buyers, less what went back, and from the seller. */
  spent: number;
  borne: number;
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
        sum(charged_minor) as charged, sum(subsidized_minor) as subsidized, sum(rewarded_minor) as rewarded,
        sum(borne_minor) as borne
      from "order".checkout_line where ${isHere} group by order_id),
    moved as materialized (
      select order_id, sum(carried_minor) as carried, sum(released_minor) as released,
        sum(returned_minor) as returned, sum(clawed_minor) as clawed, sum(uncarried_minor) as uncarried,
        sum(case when kind = 'release' then commission_minor else -commission_minor end) as charged,
        sum(subsidized_minor) as subsidized, sum(rewarded_minor) as rewarded, sum(borne_minor) as borne,
        sum(returned_minor - clawed_minor - uncarried_minor) filter (where kind = 'return') as refunded,
        sum(returned_minor - clawed_minor - uncarried_minor) filter (where kind in ('chargeback', 'reinstate')) as charged_back
      from "order".line_money where ${isHere} group by order_id)
    select o.order_id as "orderId", o.currency, coalesce(l.lines, 0) as lines,
      coalesce(l.paid, 0)::float8 as paid, coalesce(l.escrow, 0)::float8 as escrow,
      coalesce(l.carried, 0)::float8 as carried, coalesce(l.released, 0)::float8 as released,
      coalesce(m.refunded, 0)::float8 as refunded, coalesce(m.charged_back, 0)::float8 as "chargedBack",
      coalesce(l.subsidized, 0)::float8 as subsidized, coalesce(l.rewarded, 0)::float8 as rewarded,
      (coalesce(l.carried, 0) - coalesce(l.uncarried, 0))::float8 as spent, coalesce(l.borne, 0)::float8 as borne,
      (abs(coalesce(l.carried, 0) - coalesce(m.carried, 0)) + abs(coalesce(l.released, 0) - coalesce(m.released, 0))
        + abs(coalesce(l.returned, 0) - coalesce(m.returned, 0)) + abs(coalesce(l.clawed, 0) - coalesce(m.clawed, 0))
        + abs(coalesce(l.uncarried, 0) - coalesce(m.uncarried, 0))
        + abs(coalesce(l.charged, 0) - coalesce(m.charged, 0))
        + abs(coalesce(l.subsidized, 0) - coalesce(m.subsidized, 0))
        + abs(coalesce(l.rewarded, 0) - coalesce(m.rewarded, 0))
        + abs(coalesce(l.borne, 0) - coalesce(m.borne, 0)))::float8 as drift
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

const GIFTS = ["subsidized", "rewarded"] as const;
const CARRIAGE = ["spent", "borne"] as const;
type Shares = Pick<Ours, "orderId" | "currency" | (typeof GIFTS)[number] | (typeof CARRIAGE)[number]>;

/** What the platform's own accounts for gifts and for carriage say of each order, by what the entries are about. */
const sharesOf = (sql: Sql, slice: Slice): Promise<Shares[]> => sql<Shares[]>`
    select e.reference as "orderId", l.currency,
      coalesce(-sum(l.minor) filter (where l.account = 'platform:promotions' and e.kind <> 'cashback'), 0)::float8 as subsidized,
      coalesce(-sum(l.minor) filter (where l.account = 'platform:promotions' and e.kind = 'cashback'), 0)::float8 as rewarded,
      coalesce(sum(l.minor) filter (where l.account = 'platform:shipping' and e.kind <> 'release'), 0)::float8 as spent,
      coalesce(sum(l.minor) filter (where l.account = 'platform:shipping' and e.kind = 'release'), 0)::float8 as borne
    from account.entry e join account.entry_line l using (entry_id)
    where ${isIn(sql, "e.reference", slice)} and starts_with(e.reference, 'ord_')
      and e.kind in ('shipping', 'release', 'refund', 'chargeback', 'cashback')
      and l.account in ('platform:promotions', 'platform:shipping')
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
  const carriage = checkOf(
    "carriage",
    "what carriage brought the platform for every order, from its buyer and its seller, is what its lines say",
  );
  for (const slice of await slicesOf(order, "order.order", "order_id")) {
    const orders = new Map((await ours(order, slice)).map((row) => [row.orderId, row]));
    const books = await theirs(account, slice);
    const shares = await sharesOf(account, slice);
    compareShares(given, orders, { shares, names: GIFTS });
    compareShares(carriage, orders, { shares, names: CARRIAGE });
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
  return [escrow.end(), lines.end(), given.end(), carriage.end()];
};

type Told = { readonly shares: readonly Shares[]; readonly names: typeof GIFTS | typeof CARRIAGE };

const compareShares = (
  check: ReturnType<typeof checkOf>,
  orders: ReadonlyMap<string, Ours>,
  { shares, names }: Told,
): void => {
  const told = new Map(shares.map((book) => [`${book.orderId} ${book.currency}`, book]));
  for (const own of orders.values()) {
    check.look();
    const key = `${own.orderId} ${own.currency}`;
    const book = told.get(key);
    told.delete(key);
    for (const what of names) {
      const there = book?.[what] ?? 0;
      if (own[what] !== there)
        check.find(own.orderId, `${what}: ${own[what]} by its lines, ${there} by the ledger`);
    }
  }
  for (const left of told.values())
    if (names.some((what) => left[what] !== 0))
      check.find(left.orderId, `has entries in ${left.currency}, and there is no such order`);
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
