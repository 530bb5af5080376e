import { RestatePromise } from "@restatedev/restate-sdk";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { type Checkout, CheckoutRefusals, PAY_ATTEMPT_COUNT_MAX } from "@shopnexus/contracts/order/checkout";
import type { Handler } from "#modules/_kit/handler.ts";
import { say } from "#modules/_kit/say.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { attemptSignal, retrySignal, SIGNALS } from "./rules.ts";
import { findOwn } from "./status.ts";

/** The next attempt is open within a second; after this the caller is told how far it is. */
const OPEN_WAIT_MS = 10 * SECOND_MS;

export const retry: Handler<typeof Checkout, "retry"> = async (
  ctx,
  { gateway, chargeId },
  { who, settings },
) => {
  const view = await findOwn(ctx, who);
  const { payment } = view;
  if (view.state !== "awaiting_payment" || payment?.state !== "open") return view;
  // Named, and replaced before: a repeat of the same wish.
  if (chargeId !== undefined && chargeId !== payment.chargeId) return view;
  if (payment.attempt + 1 >= PAY_ATTEMPT_COUNT_MAX) throw refuse(CheckoutRefusals.ATTEMPTS_SPENT, {});
  if (!isFit(settings, gateway, payment.amount.currency)) throw refuse(CheckoutRefusals.GATEWAY_UNFIT, {});
  await say(ctx, retrySignal(payment.attempt), { gateway });
  const opened = ctx.promise(attemptSignal(payment.attempt + 1)).get();
  const finished = ctx.promise(SIGNALS.finished).get();
  await RestatePromise.race([
    opened.map(() => true),
    finished.map(() => true),
    ctx.sleep(OPEN_WAIT_MS).map(() => false),
  ]);
  return findOwn(ctx, who);
};

/** Said before the old attempt is called off: a new one that cannot be opened would end the checkout. */
const isFit = (settings: Settings, gateway: "stripe" | "vnpay", currency: string): boolean =>
  settings[gateway] !== undefined && (gateway !== "vnpay" || currency === "VND");
