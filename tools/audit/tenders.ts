/** Payments against orders: what was paid is what the orders cost, and no more goes back than came in. */
import type { Sql } from "postgres";
import { type Check, checkOf } from "./report.ts";
import { isIn, slicesOf } from "./slices.ts";

export const auditTenders = async (sql: Sql): Promise<Check[]> => [
  await paidAsOrdered(sql),
  await givenBack(sql),
  await nothingForgotten(sql),
];

const paidAsOrdered = async (sql: Sql): Promise<Check> => {
  const check = checkOf("payments", "every placed checkout was paid what its orders cost, once");
  const [seen] = await sql<
    [{ n: number }]
  >`select count(*)::int as n from "order".checkout where state = 'placed'`;
  check.look(seen.n);
  for (const slice of await slicesOf(sql, "order.checkout", "checkout_id")) {
    const isHere = isIn(sql, "checkout_id", slice);
    const wrong = await sql`
      select c.checkout_id, (t.gateway_minor + t.wallet_minor)::text as paid, o.total::text as total, x.n::int as settled
      from (select checkout_id from "order".checkout where ${isHere} and state = 'placed') c
      left join (select * from "order".tender where ${isHere}) t using (checkout_id)
      left join (select checkout_id, sum(total_minor) as total from "order"."order" where ${isHere} group by 1) o
        using (checkout_id)
      left join (select checkout_id, count(*) as n from "order".charge where ${isHere} and state = 'settled' group by 1) x
        using (checkout_id)
      where t.checkout_id is null or o.total is null or t.gateway_minor + t.wallet_minor <> o.total
        or coalesce(x.n, 0) > 1`;
    for (const row of wrong)
      check.find(
        row["checkout_id"],
        `was paid ${row["paid"]} for orders of ${row["total"]}, by ${row["settled"] ?? 0} charges`,
      );
  }
  const orphans = await sql`
    select g.charge_id, g.state from "order".charge g left join "order".checkout c using (checkout_id)
    where g.state = 'settled' and c.state is distinct from 'placed'`;
  for (const row of orphans)
    check.find(row["charge_id"], "is settled, and its checkout was not placed: paid without an order");
  return check.end();
};

const givenBack = async (sql: Sql): Promise<Check> => {
  const check = checkOf(
    "money back",
    "what went back of every order is what its lines say, by the ways it came",
  );
  const [seen] = await sql<[{ n: number }]>`select count(*)::int as n from "order".give_back`;
  check.look(seen.n);
  for (const slice of await slicesOf(sql, "order.order", "order_id")) {
    const isHere = isIn(sql, "order_id", slice);
    const wrong = await sql`
      select order_id, coalesce(g.total, 0)::text as given, coalesce(m.total, 0)::text as moved
      from (select order_id, sum(gateway_minor + wallet_minor) as total from "order".give_back where ${isHere} group by 1) g
      full join (select order_id, sum(returned_minor) as total from "order".line_money
        where ${isHere} and kind = 'return' group by 1) m using (order_id)
      where coalesce(g.total, 0) <> coalesce(m.total, 0)`;
    for (const row of wrong)
      check.find(row["order_id"], `${row["given"]} went back, its lines say ${row["moved"]}`);
  }
  await byTheWaysItCame(sql, check);
  return check.end();
};

const byTheWaysItCame = async (sql: Sql, check: ReturnType<typeof checkOf>): Promise<void> => {
  for (const slice of await slicesOf(sql, "order.tender", "checkout_id")) {
    const isHere = isIn(sql, "checkout_id", slice);
    const wrong = await sql`
      select t.checkout_id, t.gateway_returned_minor::text as gateway, t.wallet_returned_minor::text as wallet,
        coalesce(g.gateway, 0)::text as gateway_given, coalesce(g.wallet, 0)::text as wallet_given
      from (select * from "order".tender where ${isHere}) t
      left join (select checkout_id, sum(gateway_minor) filter (where state <> 'left_to_bank') as gateway,
          sum(wallet_minor) as wallet from "order".give_back where ${isHere} group by 1) g using (checkout_id)
      where t.wallet_returned_minor <> coalesce(g.wallet, 0) or t.gateway_returned_minor <> coalesce(g.gateway, 0)`;
    for (const row of wrong)
      check.find(
        row["checkout_id"],
        `says ${row["gateway"]} and ${row["wallet"]} went back, its returns say ${row["gateway_given"]} and ${row["wallet_given"]}`,
      );
  }
};

const nothingForgotten = async (sql: Sql): Promise<Check> => {
  const check = checkOf(
    "ends",
    "nothing that is over still has the buyer's money, and nothing that is due is forgotten",
  );
  const [seen] = await sql<
    [{ n: number }]
  >`select count(*)::int as n from "order".checkout_line where order_id is not null`;
  check.look(seen.n);
  const wrong = await sql`
    select line_id, state, escrow_minor::text as escrow from "order".checkout_line
    where state in ('rejected', 'cancelled', 'refunded') and escrow_minor <> 0
      and state_at < now() - interval '1 minute'`;
  for (const row of wrong) check.find(row["line_id"], `is ${row["state"]} with ${row["escrow"]} in escrow`);
  const late = await sql`
    select line_id, state, due_at from "order".checkout_line
    where order_id is not null and due_at < now() - interval '10 minutes'
      and state in ('paid', 'backordered', 'confirmed', 'shipped', 'delivered', 'refunding')`;
  for (const row of late)
    check.find(row["line_id"], `is ${row["state"]} and was due at ${(row["due_at"] as Date).toISOString()}`);
  const promised = await sql`
    select key, promised_at from "order".give_back where state = 'promised' and promised_at < now() - interval '10 minutes'`;
  for (const row of promised)
    check.find(row["key"], `was promised at ${(row["promised_at"] as Date).toISOString()} and is not paid`);
  return check.end();
};
