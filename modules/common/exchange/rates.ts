import { type Exchange, ExchangeRefusals } from "@shopnexus/contracts/common/exchange";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { listRates } from "./rows.ts";
import { rateOf, tableOf } from "./rules.ts";

/** A currency that is worth too little of the base for a decimal to say is left out. */
export const rates: Step<typeof Exchange, "rates"> = async ({ base }, { db }) => {
  const now = new Date();
  const table = tableOf(await listRates(db), now);
  if (!table.has(base)) throw refuse(ExchangeRefusals.RATE_UNAVAILABLE, { currencies: [base] });
  const currencies = [...table.keys()].toSorted();
  return { base, rates: currencies.flatMap((currency) => rateOf(table, { base, currency, now }) ?? []) };
};
