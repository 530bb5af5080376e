import type { Statement } from "@shopnexus/contracts/account/statement";
import { asc, inArray } from "drizzle-orm";
import { balance } from "#db/account/ledger.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { partsOf, fundsOf } from "./rules.ts";

/** By `balance_account_twice`. */
export const mine: Step<typeof Statement, "mine"> = async (_input, { who, db }) => {
  const accounts = partsOf(accountOf(who).accountId);
  const held = await db
    .select()
    .from(balance)
    .where(inArray(balance.account, accounts))
    .orderBy(asc(balance.currency));
  return { funds: fundsOf(held) };
};
