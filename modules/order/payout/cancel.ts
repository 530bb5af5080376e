import type { Payout } from "@shopnexus/contracts/order/payout";
import { Transfer } from "@shopnexus/contracts/order/transfer";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { say } from "#modules/_kit/say.ts";
import { bePayout } from "./decide.ts";
import { SIGNALS } from "./rules.ts";

export const cancel: Handler<typeof Payout, "cancel"> = async (ctx, _input, { who }) => {
  const { accountId } = accountOf(who);
  const view = await call(ctx, Transfer).cancel({ payoutId: bePayout(ctx), accountId });
  await say(ctx, SIGNALS.decided, true);
  return view;
};
