import { Profile } from "@shopnexus/contracts/account/profile";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Earnings } from "@shopnexus/contracts/order/earnings";
import { MINOR_MAX } from "@shopnexus/contracts/kit/money";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { unitsOf } from "../transfer/rules.ts";
import { beginPayout } from "./withdraw.ts";

/** What it finds may be spent before it is held: then that payout is refused, and the next time pays. */
export const payAll: Handler<typeof Earnings, "payAll"> = async (
  ctx,
  { accountId, dueAt, currencies },
  { settings },
) => {
  const { suspended } = await call(ctx, Profile).standing({ accountId });
  if (suspended) return {};
  const { balances } = await call(ctx, Wallet).balances({ accounts: [`wallet:${accountId}`] });
  for (const { minor, currency } of balances.flatMap(({ sums }) => sums)) {
    const minimum = unitsOf(settings.payouts.minimumUnits, currency);
    if (!currencies.includes(currency) || minor <= 0 || minor < minimum.minor) continue;
    const amount = { minor: Math.min(minor, MINOR_MAX), currency };
    // No seller can make up such a key: theirs have no slash.
    const requestKey = `schedule/${dueAt}/${currency}`;
    await beginPayout(ctx, { accountId, requestKey, amount, isScheduled: true });
  }
  return {};
};
