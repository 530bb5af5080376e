import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import type { Money } from "@shopnexus/contracts/kit/money";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { epochMs } from "@shopnexus/contracts/kit/time";
import { Charge } from "@shopnexus/contracts/order/charge";
import { type Checkout, CheckoutRefusals, PAY_ATTEMPT_COUNT_MAX } from "@shopnexus/contracts/order/checkout";
import type { ChargeOrder, ChargeState, GatewayName } from "@shopnexus/contracts/order/payment";
import type { z } from "zod";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Handler } from "#modules/_kit/handler.ts";
import type { Pair, Saga } from "#modules/_kit/saga.ts";
import { say } from "#modules/_kit/say.ts";
import { attemptSignal, declinedSignal, isPaid, paidSignal, retrySignal, SIGNALS, waits } from "./rules.ts";

type Ctx = WorkflowContext;

export const paid: Handler<typeof Checkout, "paid"> = async (ctx, { chargeId }) => {
  await say(ctx, paidSignal(chargeId), true);
  return {};
};

type Bill = {
  readonly checkoutId: string;
  readonly gateway: GatewayName;
  readonly amount: Money;
  /** What is left of the window, when the bill was made. */
  readonly windowMs: number;
  readonly windowEndsAt: string;
};
type Paying = {
  readonly steps: Saga<Ctx>;
  readonly openCharge: Pair<Ctx, ChargeOrder, { state: z.infer<typeof ChargeState> }>;
  readonly bill: Bill;
  readonly pollMs: number;
};

/** One attempt after the other until one is paid, each at a charge of its own; the stock stays set aside meanwhile. */
export const payByAttempts = async (
  ctx: Ctx,
  { steps, openCharge, bill, pollMs }: Paying,
): Promise<ChargeOrder> => {
  let { gateway, windowMs } = bill;
  for (let attempt = 0; attempt < PAY_ATTEMPT_COUNT_MAX; attempt += 1) {
    if (attempt > 0) windowMs = epochMs(bill.windowEndsAt) - (await ctx.date.now());
    if (attempt > 0 && windowMs <= 0) throw refuse(CheckoutRefusals.PAYMENT_EXPIRED, {});
    const charge = chargeOf(bill, attempt, gateway);
    const { state } = await steps.do(openCharge, charge);
    if (attempt === 0) await say(ctx, SIGNALS.opened, { refused: null });
    else await say(ctx, attemptSignal(attempt), true);
    if (isPaid(state)) return charge;
    const next = await awaitPayment(ctx, charge, waits(windowMs, pollMs));
    if (next === "paid") return charge;
    // Said before, the payment that came meanwhile wins; said after, it comes too late for this attempt and goes back.
    const { state: left } = await call(ctx, Charge).retire({ chargeId: charge.chargeId });
    if (isPaid(left)) return charge;
    gateway = next.gateway;
  }
  throw refuse(CheckoutRefusals.ATTEMPTS_SPENT, {});
};

const chargeOf = ({ checkoutId, amount }: Bill, attempt: number, gateway: GatewayName): ChargeOrder => {
  if (attempt === 0) return { chargeId: deriveId("chg", checkoutId), checkoutId, gateway, amount };
  return { chargeId: deriveId("chg", checkoutId, String(attempt)), checkoutId, gateway, amount, attempt };
};

type Next = "paid" | { readonly gateway: GatewayName };
type News =
  | { readonly what: "paid" | "declined" | "cancelled" | "silence" }
  | { readonly what: "retry"; readonly gateway: GatewayName };

/** The one door: browser, webhook and the looks below only say that there may be news; the gateway's word is judged later. */
const awaitPayment = async (ctx: Ctx, charge: ChargeOrder, waitsMs: readonly number[]): Promise<Next> => {
  const news = newsOf(ctx, charge);
  for (const waitMs of waitsMs) {
    const silence = ctx.sleep(waitMs).map((): News => ({ what: "silence" }));
    const first = await RestatePromise.race([...news, silence]);
    if (first.what === "paid") return "paid";
    // A payment that came first wins, also over a cancellation that was heard of before it.
    const { next } = await call(ctx, Charge).inspect({ chargeId: charge.chargeId });
    if (next === "signal") return "paid";
    if (first.what === "cancelled") throw refuse(CheckoutRefusals.CHECKOUT_CANCELLED, {});
    if (first.what === "retry") return { gateway: first.gateway };
    if (first.what === "declined" || next === "renew") return { gateway: charge.gateway };
  }
  throw refuse(CheckoutRefusals.PAYMENT_EXPIRED, {});
};

/** What may be said of this attempt; nobody hears what is said of another. */
const newsOf = (ctx: Ctx, { chargeId, attempt = 0 }: ChargeOrder) => {
  const told = (name: string, what: "paid" | "declined" | "cancelled") =>
    ctx
      .promise(name)
      .get()
      .map((): News => ({ what }));
  return [
    told(paidSignal(chargeId), "paid"),
    told(SIGNALS.cancelled, "cancelled"),
    told(declinedSignal(chargeId), "declined"),
    ctx
      .promise<{ gateway: GatewayName }>(retrySignal(attempt))
      .get()
      .map((wish): News => ({ what: "retry", gateway: wish?.gateway ?? "stripe" })),
  ] as const;
};
