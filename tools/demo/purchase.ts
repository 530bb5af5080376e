/** One purchase as a marketplace's own client makes it: cart, checkout, payment in the browser, and a look. */
import { setTimeout as sleep } from "node:timers/promises";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { newAttemptId, type Shop, ShopError } from "@shopnexus/contracts/client";
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { WELCOME_CODE } from "#tools/seed/promotion.ts";
import type { Goods } from "./goods.ts";

export const fillCart = async (buyer: Shop, goods: readonly Goods[]): Promise<void> => {
  await buyer.call(Cart).put({ lines: goods.map(({ skuId, pieces }) => ({ skuId, pieces })) });
};

/** Checks out what the buyer saw; answers when it can be paid. */
export const checkOut = async (buyer: Shop, goods: readonly Goods[]): Promise<CheckoutView> => {
  const { addresses } = await buyer.call(AddressBook).list({});
  return buyer.call(Order).checkout({
    attemptId: newAttemptId(),
    addressId: addresses[0]?.addressId ?? "",
    gateway: "stripe",
    currency: goods[0]?.price.currency ?? "USD",
    codes: [WELCOME_CODE],
    lines: goods.map(({ skuId, pieces, price }) => ({ skuId, pieces, seen: price })),
  });
};

export type Till = { url: string; browserKey: string | undefined };

/** Pays as the gateway's own browser library does: with a publishable key and the client secret of this payment. */
export const payInBrowser = async ({ url, browserKey }: Till, view: CheckoutView): Promise<void> => {
  if (browserKey === undefined)
    throw new Error("The gateway is a real one in live mode: nothing is bought for show there.");
  const secret = view.payment?.clientSecret ?? "";
  const intent = secret.split("_secret_")[0];
  const response = await fetch(`${url}/v1/payment_intents/${intent}/confirm`, {
    method: "POST",
    headers: { authorization: `Bearer ${browserKey}`, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      client_secret: secret,
      payment_method: "pm_card_visa",
      return_url: "https://shop.example/return",
    }),
  });
  if (!response.ok) throw new Error(`The gateway answered ${response.status}: ${await response.text()}`);
};

const OUTCOME_WITHIN_MS = 60 * SECOND_MS;
const LOOK_EVERY_MS = 250;

/** Looks until the checkout has come to something. A shop that is just coming back is asked again. */
export const outcomeOf = async (buyer: Shop, checkoutId: string): Promise<CheckoutView> => {
  const deadlineMs = performance.now() + OUTCOME_WITHIN_MS;
  for (;;) {
    const view = await look(buyer, checkoutId, deadlineMs);
    const isOver = view !== undefined && view.state !== "awaiting_payment" && view.state !== "claimed";
    if (isOver) return view;
    if (performance.now() > deadlineMs)
      throw new Error(`Checkout ${checkoutId} came to nothing within ${OUTCOME_WITHIN_MS / SECOND_MS} s`);
    await sleep(LOOK_EVERY_MS);
  }
};

const look = async (
  buyer: Shop,
  checkoutId: string,
  deadlineMs: number,
): Promise<CheckoutView | undefined> => {
  try {
    return await buyer.call(Checkout, checkoutId).look({});
  } catch (error) {
    if (error instanceof ShopError && performance.now() < deadlineMs) return undefined;
    throw error;
  }
};
