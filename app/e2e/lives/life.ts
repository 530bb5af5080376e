/** One life: a basket, its payment, and whatever its seed makes of each of its orders. Refusals are part of life. */
import { setTimeout as sleep } from "node:timers/promises";
import { newAttemptId } from "@shopnexus/contracts/client";
import { Statement } from "@shopnexus/contracts/account/statement";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import type { In } from "@shopnexus/contracts/kit/contract";
import { Order } from "@shopnexus/contracts/order/order";
import { type Buyer, payInBrowser } from "#tools/testkit/people.ts";
import { gatewayClient } from "#tools/testkit/gateway.ts";
import { type Cast, CODE } from "./cast.ts";
import { afterSale } from "./after-sale.ts";
import { count, insistently, quietly, type Tally, until } from "./patience.ts";
import type { LifePlan } from "./plan.ts";

export const live = async (cast: Cast, plan: LifePlan, tally: Tally): Promise<void> => {
  const who = cast.buyers[plan.buyer % cast.buyers.length] as Buyer;
  const opened = await quietly(open(cast, who, plan));
  if (opened === undefined) return count(tally, "not opened");
  const placed = await pay(cast, { who, plan, opened });
  count(tally, placed.state);
  const bank = chargeBack({ cast, plan, tally }, placed);
  const orders = placed.orderIds.map((orderId, at) => {
    const own = plan.orders[at % plan.orders.length];
    return own === undefined ? undefined : afterSale({ cast, who, orderId, tally }, own);
  });
  await Promise.all([bank, ...orders, payOut(cast, plan, tally)]);
};

const open = (cast: Cast, who: Buyer, plan: LifePlan): Promise<CheckoutView> => {
  const lines = plan.lines.map(({ shelf, place, pieces }) => {
    const goods = cast.shelves[shelf]?.goods[place];
    if (goods === undefined) throw new Error("a plan names what is on the shelves");
    return { skuId: goods.skuId, pieces, seen: goods.price };
  });
  const purchase: In<typeof Order, "checkout"> = {
    attemptId: newAttemptId(),
    addressId: who.addressId,
    gateway: plan.gateway,
    currency: "USD",
    codes: plan.hasCode ? [CODE] : [],
    lines,
    stock: "partial",
    buyNow: true,
    ...(plan.walletMinor > 0 && { wallet: { minor: plan.walletMinor, currency: "USD" } }),
  };
  return insistently(() => who.call(Order).checkout(purchase));
};

type Paying = { who: Buyer; plan: LifePlan; opened: CheckoutView };

const pay = async ({ shop }: Cast, { who, plan, opened }: Paying): Promise<CheckoutView> => {
  const checkout = who.call(Checkout, opened.checkoutId);
  const browser = (view: CheckoutView, method?: string) =>
    view.payment?.clientSecret ? payInBrowser(shop.sandbox.url, view, method) : undefined;
  if (plan.payment === "cancels") await quietly(checkout.cancel({}));
  if (plan.payment === "declined_first") await browser(opened, "pm_card_chargeDeclined");
  if (plan.payment === "retries") {
    await quietly(checkout.retry({ gateway: "stripe" }));
    // The older attempt's page is still open somewhere.
    await browser(opened);
  }
  if (plan.payment === "late") {
    await Promise.all([quietly(checkout.cancel({})), browser(opened)]);
  }
  const current = (await quietly(checkout.status({}))) ?? opened;
  if (plan.payment !== "cancels" && plan.payment !== "late") await browser(current);
  await quietly(checkout.look({}));
  const ended = await until(async () => {
    const [row] = await shop.sql`select state from "order".checkout where checkout_id = ${opened.checkoutId}`;
    return ["placed", "abandoned", "refused"].includes(String(row?.["state"])) ? true : undefined;
  }, 30_000);
  // Nobody may keep a checkout waiting for a payment that got lost.
  if (ended === undefined) await quietly(insistently(() => checkout.cancel({})));
  return (await quietly(checkout.status({}))) ?? current;
};

/** The buyer's bank takes money back, in the middle of whatever is going on. */
const chargeBack = async (
  { cast: { shop }, plan: { bank }, tally }: { cast: Cast; plan: LifePlan; tally: Tally },
  { state, payment }: CheckoutView,
): Promise<void> => {
  if (bank.wish === "none" || state !== "placed" || payment === null) return;
  await sleep(bank.afterMs);
  const [row] = await shop.sql<{ ref: string | null; minor: number }[]>`
    select gateway_ref as ref, gateway_minor::int as minor from "order".tender where charge_id = ${payment.chargeId}`;
  if (!row?.ref?.startsWith("pi_")) return;
  const intent = await gatewayClient(shop).paymentIntents.retrieve(row.ref);
  const amount = Math.max(1, Math.round(row.minor * (0.2 + 0.8 * bank.share)));
  const dispute = await quietly(
    (async () => shop.sandbox.bank.dispute(intent.id, amount <= row.minor ? { amount } : {}))(),
  );
  if (dispute === undefined) return;
  count(tally, "chargeback");
  await sleep(300 + 1_000 * bank.share);
  await quietly((async () => shop.sandbox.bank.decide(dispute.id, bank.wish === "won" ? "won" : "lost"))());
  count(tally, `chargeback ${bank.wish}`);
};

const payOut = async (cast: Cast, { payout, seed }: LifePlan, tally: Tally): Promise<void> => {
  const shelf = payout === undefined ? undefined : cast.shelves[payout.shelf];
  if (payout === undefined || shelf === undefined) return;
  const { funds } = await shelf.seller.call(Statement).mine({});
  const available = funds.find((one) => one.available.currency === shelf.currency)?.available.minor ?? 0;
  const minor = Math.floor(available * (0.3 + 0.7 * payout.share));
  if (minor <= 0) return;
  const asked = await quietly(
    shelf.seller
      .call(Earnings)
      .withdraw({ requestKey: `life-${seed}-payout`, amount: { minor, currency: shelf.currency } }),
  );
  count(tally, asked === undefined ? "payout refused" : "payout");
};
