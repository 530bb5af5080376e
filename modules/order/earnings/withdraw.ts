import type { Context } from "@restatedev/restate-sdk";
import { Profile } from "@shopnexus/contracts/account/profile";
import type { In } from "@shopnexus/contracts/kit/contract";
import { CommonRefusals, RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Earnings } from "@shopnexus/contracts/order/earnings";
import { Payout, type PayoutView } from "@shopnexus/contracts/order/payout";
import { Transfer } from "@shopnexus/contracts/order/transfer";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { peer, send } from "#modules/_kit/peer.ts";
import { accountOf } from "#modules/_kit/principal.ts";

/** The payout's id follows from account and key: every repeat, from any device, meets the same run. */
export const withdraw: Handler<typeof Earnings, "withdraw"> = async (ctx, ask, { who }) => {
  const { accountId } = accountOf(who);
  const { suspended } = await call(ctx, Profile).standing({ accountId });
  if (suspended) throw refuse(CommonRefusals.ACCOUNT_SUSPENDED, {});
  const begun = await beginPayout(ctx, { ...ask, accountId, isScheduled: false });
  if (begun.state !== "requested") return standing(begun);
  const { payoutId } = begun;
  await peer(ctx, Payout, payoutId).opened({});
  return standing(await call(ctx, Transfer).find({ payoutId, accountId }));
};

/** Claims a payout and starts its run, unless that was done before. */
export const beginPayout = async (ctx: Context, claim: In<typeof Transfer, "claim">): Promise<PayoutView> => {
  const view = await call(ctx, Transfer).claim(claim);
  const { payoutId, accountId, amount } = view;
  if (view.state === "requested") send(ctx, Payout, payoutId).run({ accountId, amount });
  return view;
};

/** What the wallet had too little for stays so, for every repeat. */
const standing = (view: PayoutView): PayoutView => {
  if (view.state === "refused" && view.refused !== null) throw new RefusalError(view.refused);
  return view;
};
