import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { Charge } from "@shopnexus/contracts/order/charge";
import { type Checkout, CheckoutRefusals } from "@shopnexus/contracts/order/checkout";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { say } from "#modules/_kit/say.ts";
import { SIGNALS, waits } from "./rules.ts";

export const paid: Handler<typeof Checkout, "paid"> = async (ctx) => {
  await say(ctx, SIGNALS.paid, true);
  return {};
};

/** The one door: browser, webhook and the looks below only say that there may be news; the gateway's word is judged later. */
export const awaitPayment = async (
  ctx: WorkflowContext,
  chargeId: string,
  windowMs: number,
): Promise<void> => {
  const news = [
    ctx
      .promise(SIGNALS.paid)
      .get()
      .map(() => "paid"),
    ctx
      .promise(SIGNALS.cancelled)
      .get()
      .map(() => "cancelled"),
  ] as const;
  for (const waitMs of waits(windowMs)) {
    const first = await RestatePromise.race([...news, ctx.sleep(waitMs).map(() => "silence")]);
    if (first === "paid") return;
    // A payment that came first wins, also over a cancellation that was heard of before it.
    const { next } = await call(ctx, Charge).inspect({ chargeId });
    if (next === "signal") return;
    if (first === "cancelled") throw refuse(CheckoutRefusals.CHECKOUT_CANCELLED, {});
  }
  throw refuse(CheckoutRefusals.PAYMENT_EXPIRED, {});
};
