import { RestatePromise } from "@restatedev/restate-sdk";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { Charge } from "@shopnexus/contracts/order/charge";
import type { Checkout } from "@shopnexus/contracts/order/checkout";
import { call } from "#modules/_kit/call.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import { say } from "#modules/_kit/say.ts";
import { declinedSignal, paidSignal, SIGNALS } from "./rules.ts";
import { findOwn } from "./status.ts";

/** A paid checkout is placed in well under a second; after this the caller is told how far it is. */
const FINISH_WAIT_MS = 10 * SECOND_MS;

export const look: Handler<typeof Checkout, "look"> = async (ctx, _input, { who }) => {
  const view = await findOwn(ctx, who);
  if (view.state !== "awaiting_payment" || view.payment === null) return view;
  const { next } = await call(ctx, Charge).inspect({ chargeId: view.payment.chargeId });
  if (next === "renew") await say(ctx, declinedSignal(view.payment.chargeId), true);
  if (next !== "signal") return view;
  await say(ctx, paidSignal(view.payment.chargeId), true);
  const finished = ctx.promise(SIGNALS.finished).get();
  await RestatePromise.race([finished.map(() => true), ctx.sleep(FINISH_WAIT_MS).map(() => false)]);
  return findOwn(ctx, who);
};
