/** The ledger against the gateway's own books: what Stripe says it holds of ours is what our entries say. */
import type { Sql } from "postgres";
import Stripe from "stripe";
import type { StripeSettings } from "#modules/_kit/settings.ts";
import { type Check, checkOf } from "./report.ts";

/** By the gateway's own list, minor units by currency, and how many facts it is made of. */
type Books = { readonly sums: ReadonlyMap<string, number>; readonly looked: number };

const PAGE = 100;

export const auditStripe = async (account: Sql, settings: StripeSettings): Promise<Check[]> => {
  const { secretKey, endpoint } = settings;
  const stripe = new Stripe(secretKey, { telemetry: false, maxNetworkRetries: 2, ...endpoint });
  const [payments, transfers] = await booksOf(stripe);
  return [
    await compare(account, { ledger: "gateway:stripe", books: payments, name: "Stripe, payments" }),
    await compare(account, { ledger: "bank:stripe", books: transfers, name: "Stripe, transfers" }),
  ];
};

/** Every movement of the balance: transfers are payouts to sellers, all else is buyers' money. */
const booksOf = async (stripe: Stripe): Promise<[Books, Books]> => {
  const payments = new Map<string, number>();
  const transfers = new Map<string, number>();
  const looked = { payments: 0, transfers: 0 };
  for await (const { type, currency, amount } of stripe.balanceTransactions.list({ limit: PAGE })) {
    const isTransfer = type.startsWith("transfer");
    const sums = isTransfer ? transfers : payments;
    looked[isTransfer ? "transfers" : "payments"] += 1;
    sums.set(currency.toUpperCase(), (sums.get(currency.toUpperCase()) ?? 0) + amount);
  }
  return [
    { sums: payments, looked: looked.payments },
    { sums: transfers, looked: looked.transfers },
  ];
};

type Comparison = { readonly ledger: string; readonly books: Books; readonly name: string };

/** What came in is negative in the ledger (the outside owes us); what went out positive. */
const compare = async (account: Sql, { ledger, books, name }: Comparison): Promise<Check> => {
  const check = checkOf(name, `the account ${ledger} is what the gateway's own list adds up to`);
  check.look(books.looked);
  const rows = await account<{ currency: string; total: number }[]>`
    select currency, sum(minor)::float8 as total from account.entry_line where account = ${ledger} group by currency`;
  const posted = new Map(rows.map(({ currency, total }) => [currency, total]));
  for (const currency of new Set([...posted.keys(), ...books.sums.keys()])) {
    const ours = -(posted.get(currency) ?? 0);
    const theirs = books.sums.get(currency) ?? 0;
    if (ours !== theirs)
      check.find(`${ledger} ${currency}`, `the ledger says ${ours}, the gateway ${theirs}`);
  }
  return check.end();
};
