/** Money back to a buyer: given back by the means it was paid with, then posted. The lines' rows were written before. */
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Chargeback } from "@shopnexus/contracts/order/chargeback";
import { Charge } from "@shopnexus/contracts/order/charge";
import type { GivenBack } from "@shopnexus/contracts/order/payment";
import { call, type CallContext } from "#modules/_kit/call.ts";
import { type Party, type Returned, returnEntry, unrewardEntry } from "./entries.ts";

export type PayBack = {
  /** Names the reason, once: the give-back, the gateway's refund and the ledger's entry are all under it. */
  readonly key: string;
  readonly checkoutId: string;
  readonly party: Party;
  /** What the movements of the lines under this key add up to. */
  readonly totals: Returned;
};

/** Undefined where nothing goes back. */
export const payBack = async (
  ctx: CallContext,
  { key, checkoutId, party, totals }: PayBack,
): Promise<GivenBack | undefined> => {
  if (totals.returnedMinor === 0) return undefined;
  const { orderId } = party;
  const back = await call(ctx, Charge).giveBack({ key, checkoutId, orderId, minor: totals.returnedMinor });
  for (const entry of [
    ...returnEntry({ key, kind: "refund", party, totals, to: waysOf(back) }),
    ...unrewardEntry({ key, party, totals }, back.accountId),
  ])
    await call(ctx, Wallet).post(entry);
  if (back.state === "left_to_bank") await payOwed(ctx, back, { key, checkoutId });
  return back;
};

/** A gateway may refuse a refund long after the bank is through: then the buyer's wallet has to do. */
const payOwed = async (
  ctx: CallContext,
  { accountId, currency }: GivenBack,
  { key, checkoutId }: Pick<PayBack, "key" | "checkoutId">,
): Promise<void> => {
  const { owedMinor } = await call(ctx, Chargeback).owe({ key });
  if (owedMinor === 0) return;
  const lines = [
    { account: "platform:suspense", minor: -owedMinor, currency },
    { account: `wallet:${accountId}`, minor: owedMinor, currency },
  ];
  await call(ctx, Wallet).post({ entryKey: `${key}/owed`, kind: "refund", reference: checkoutId, lines });
};

/** What the bank will take itself waits for it in an account of the platform's. */
const waysOf = ({ accountId, gateway, gatewayMinor, walletMinor, state }: GivenBack) => [
  { account: state === "left_to_bank" ? "platform:suspense" : `gateway:${gateway}`, minor: gatewayMinor },
  { account: `wallet:${accountId}`, minor: walletMinor },
];
