import { id } from "@shopnexus/contracts/kit/id";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Payout, PayoutRefusals } from "@shopnexus/contracts/order/payout";
import { Transfer } from "@shopnexus/contracts/order/transfer";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { say } from "#modules/_kit/say.ts";
import { SIGNALS } from "./rules.ts";

export const decide: Handler<typeof Payout, "decide"> = async (ctx, { verdict, note }, { who }) => {
  const view = await call(ctx, Transfer).decide({
    payoutId: bePayout(ctx),
    decision: verdict === "approve" ? "approved" : "denied",
    note: note ?? null,
    decidedBy: accountOf(who).accountId,
  });
  await say(ctx, SIGNALS.decided, true);
  return view;
};

/** A key that is no payout's id names none. */
export const bePayout = ({ key }: { readonly key: string }): string => {
  if (!id("pay").safeParse(key).success) throw refuse(PayoutRefusals.PAYOUT_UNKNOWN, {});
  return key;
};
