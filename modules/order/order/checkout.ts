import { Attempt } from "@shopnexus/contracts/order/attempt";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import type { Order } from "@shopnexus/contracts/order/order";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { call } from "#modules/_kit/call.ts";
import { canonical, deriveId, sha256 } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { peer, send } from "#modules/_kit/peer.ts";
import { accountOf } from "#modules/_kit/principal.ts";

/** The checkout's id follows from account and attempt: every repeat, from any device, meets the same run. */
export const checkout: Handler<typeof Order, "checkout"> = async (ctx, { attemptId, ...basket }, { who }) => {
  const { accountId } = accountOf(who);
  const checkoutId = deriveId("chk", accountId, attemptId);
  const basketHash = sha256(canonical(basket));
  const { state, claimedAt } = await call(ctx, Attempt).claim({
    checkoutId,
    accountId,
    attemptId,
    basketHash,
  });
  if (state === "claimed") send(ctx, Checkout, checkoutId).run({ accountId, claimedAt, basket });
  // Whoever repeats the click before the charge is open waits for it, too: nobody could pay by what there is until then.
  if (state === "claimed" || state === "awaiting_payment") await peer(ctx, Checkout, checkoutId).opened({});
  const view = await call(ctx, Attempt).find({ checkoutId, accountId });
  if (view.refused !== null) throw new RefusalError(view.refused);
  return view;
};
