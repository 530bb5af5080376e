import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Step } from "#modules/_kit/handler.ts";
import { selectSums } from "./rows.ts";
import { toSum } from "./rules.ts";

export const balances: Step<typeof Wallet, "balances"> = async ({ accounts }, { db }) => {
  const sums = Map.groupBy(await selectSums(db, accounts), ({ account }) => account);
  return { balances: accounts.map((account) => ({ account, sums: (sums.get(account) ?? []).map(toSum) })) };
};
