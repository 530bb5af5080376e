import type Stripe from "stripe";
import { unknownObject } from "../wire/errors.ts";
import { page } from "../wire/lists.ts";
import { only, text } from "../wire/params.ts";
import type { Operation, World } from "../world.ts";

const LIST = new Set([
  "limit",
  "starting_after",
  "ending_before",
  "created",
  "currency",
  "source",
  "type",
  "payout",
]);

/** What is left in each currency after all movements. */
export const available = (world: World): Record<string, number> => {
  const sums: Record<string, number> = {};
  for (const { currency, net } of world.transactions.all()) sums[currency] = (sums[currency] ?? 0) + net;
  return sums;
};

export const retrieveBalance: Operation = ({ world, params }): Stripe.Balance => {
  only(params, new Set());
  const sums = Object.entries(available(world));
  return {
    object: "balance",
    available: sums.map(([currency, amount]) => ({ amount, currency, source_types: { card: amount } })),
    livemode: false,
    pending: sums.map(([currency]) => ({ amount: 0, currency, source_types: { card: 0 } })),
  };
};

export const listTransactions: Operation = ({ world, params }) => {
  only(params, LIST);
  const type = text(params, "type");
  const source = text(params, "source");
  const currency = text(params, "currency");
  // Nothing is ever paid out of the emulator to a bank, so nothing belongs to a payout.
  const isOfPayout = text(params, "payout") !== undefined;
  return page(world.transactions, params, {
    url: "/v1/balance_transactions",
    keeps: (item) =>
      !isOfPayout &&
      (type === undefined || item.type === type) &&
      (source === undefined || item.source === source) &&
      (currency === undefined || item.currency === currency),
  });
};

export const retrieveTransaction: Operation = ({ world, id }) => {
  const transaction = world.transactions.get(id);
  if (transaction === undefined) throw unknownObject("balance transaction", id, { param: "id" });
  return transaction;
};
