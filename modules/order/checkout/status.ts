import type { WorkflowSharedContext } from "@restatedev/restate-sdk";
import { id } from "@shopnexus/contracts/kit/id";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Checkout, CheckoutRefusals, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Attempt } from "@shopnexus/contracts/order/attempt";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { accountOf, type Principal } from "#modules/_kit/principal.ts";

export const status: Handler<typeof Checkout, "status"> = async (ctx, _input, { who }) => findOwn(ctx, who);

/** The checkout of this key, if it is the caller's; anybody else learns nothing of it. */
export const findOwn = async (ctx: WorkflowSharedContext, who: Principal): Promise<CheckoutView> => {
  if (!id("chk").safeParse(ctx.key).success) throw refuse(CheckoutRefusals.CHECKOUT_UNKNOWN, {});
  return call(ctx, Attempt).find({ checkoutId: ctx.key, accountId: accountOf(who).accountId });
};
