import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Step } from "#modules/_kit/handler.ts";
import { selectBalances, sumLines } from "./rows.ts";
import { isGuarded } from "./rules.ts";

export const balance: Step<typeof Wallet, "balance"> = async ({ account }, { db }) => ({
  balances: await (isGuarded(account) ? selectBalances(db, account) : sumLines(db, account)),
});
