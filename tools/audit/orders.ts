/** Orders against the ledger, order by order: two sorted streams side by side, so that any number of orders fits. */
import type { Sql } from "postgres";
import { type Check, checkOf } from "./report.ts";

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

const BATCH = 2_000;

const ours = (sql: Sql) =>
  sql<Ours[]>`
    with line as materialized (
      select order_id, count(*)::int as lines, sum(paid_minor) as paid, sum(escrow_minor) as escrow,
        sum(carried_minor) as carried, sum(released_minor) as released, sum(returned_minor) as returned,
        sum(clawed_minor) as clawed, sum(uncarried_minor) as uncarried
      from "order".checkout_line where order_id is not null group by order_id),
    moved as materialized (
      select order_id, sum(carried_minor) as carried, sum(released_minor) as released,
        sum(returned_minor) as returned, sum(clawed_minor) as clawed, sum(uncarried_minor) as uncarried,
        sum(returned_minor - clawed_minor - uncarried_minor) filter (where kind = 'return') as refunded,
        sum(returned_minor - clawed_minor - uncarried_minor) filter (where kind in ('chargeback', 'reinstate')) as charged_back
      from "order".line_money group by order_id)
    select o.order_id as "orderId", o.currency, coalesce(l.lines, 0) as lines,
      coalesce(l.paid, 0)::float8 as paid, coalesce(l.escrow, 0)::float8 as escrow,
      coalesce(l.carried, 0)::float8 as carried, coalesce(l.released, 0)::float8 as released,
      coalesce(m.refunded, 0)::float8 as refunded, coalesce(m.charged_back, 0)::float8 as "chargedBack",
      (abs(coalesce(l.carried, 0) - coalesce(m.carried, 0)) + abs(coalesce(l.released, 0) - coalesce(m.released, 0))
        + abs(coalesce(l.returned, 0) - coalesce(m.returned, 0)) + abs(coalesce(l.clawed, 0) - coalesce(m.clawed, 0))
        + abs(coalesce(l.uncarried, 0) - coalesce(m.uncarried, 0)))::float8 as drift
    from "order"."order" o left join line l using (order_id) left join moved m using (order_id)
    order by o.order_id collate "C"`.cursor(BATCH);

const theirs = (sql: Sql) =>
  sql<Theirs[]>`
    select substr(l.account, 8) as "orderId", l.currency,
      coalesce(sum(l.minor) filter (where e.kind = 'capture'), 0)::float8 as capture,
      coalesce(-sum(l.minor) filter (where e.kind = 'shipping'), 0)::float8 as shipping,
      coalesce(-sum(l.minor) filter (where e.kind = 'release'), 0)::float8 as release,
      coalesce(-sum(l.minor) filter (where e.kind = 'refund'), 0)::float8 as refund,
      coalesce(-sum(l.minor) filter (where e.kind = 'chargeback'), 0)::float8 as chargeback,
      coalesce(sum(l.minor) filter (where e.kind not in ('capture', 'shipping', 'release', 'refund', 'chargeback')), 0)::float8 as other,
      sum(l.minor)::float8 as balance
    from account.entry_line l join account.entry e using (entry_id)
    where l.account like 'escrow:%'
    group by l.account, l.currency
    order by substr(l.account, 8) collate "C", l.currency collate "C"`.cursor(BATCH);

/** Rows of a cursor, one by one. */
async function* rowsOf<T>(cursor: AsyncIterable<T[]>): AsyncGenerator<T> {
  for await (const batch of cursor) yield* batch;
}

export const auditOrders = async (order: Sql, account: Sql): Promise<Check[]> => {
  const escrow = checkOf(
    "escrow",
    "the escrow of every order is what was captured, less what was carried, released, refunded and charged back",
  );
  const lines = checkOf("lines", "the money of every line is the sum of its movements");
  const left = rowsOf<Ours>(ours(order));
  const right = rowsOf<Theirs>(theirs(account));
  let own = (await left.next()).value as Ours | undefined;
  let books = (await right.next()).value as Theirs | undefined;
  while (own !== undefined || books !== undefined) {
    if (own === undefined || (books !== undefined && books.orderId < own.orderId)) {
      escrow.find(
        books?.orderId ?? "",
        `the ledger has escrow of ${books?.balance} ${books?.currency}, and there is no such order`,
      );
      books = (await right.next()).value as Theirs | undefined;
      continue;
    }
    escrow.look();
    lines.look(own.lines);
    if (own.drift !== 0) lines.find(own.orderId, `its lines and their movements differ by ${own.drift}`);
    if (books === undefined || own.orderId < books.orderId) {
      if (own.paid !== 0)
        escrow.find(own.orderId, `was paid ${own.paid} ${own.currency}, and the ledger knows nothing of it`);
    } else {
      compare(escrow, own, books);
      books = (await right.next()).value as Theirs | undefined;
    }
    own = (await left.next()).value as Ours | undefined;
  }
  return [escrow.end(), lines.end()];
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
