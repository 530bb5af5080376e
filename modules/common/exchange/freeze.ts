import type { Exchange } from "@shopnexus/contracts/common/exchange";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { listRates } from "./rows.ts";
import { ratesAgainst, tableOf } from "./rules.ts";

export const freeze: Step<typeof Exchange, "freeze"> = async ({ base, currencies }, { db }) => {
  const now = new Date();
  const table = tableOf(await listRates(db, [base, ...currencies]), now);
  const rates = ratesAgainst(table, { base, currencies, now });
  if (rates instanceof RefusalError) throw rates;
  return { rates };
};
