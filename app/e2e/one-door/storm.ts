/** One buyer's storm: what a seed makes happen to one checkout, in any order, while the app may be killed. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Basket } from "@shopnexus/contracts/order/basket";
import { Checkout, type CheckoutView, PAYMENT_WINDOW_MS } from "@shopnexus/contracts/order/checkout";
import { deriveId } from "#modules/_kit/derive.ts";
import { claimEarlier } from "#tools/testkit/earlier.ts";
import { basketOf, type Buyer, checkOut, type Goods, payInBrowser } from "#tools/testkit/people.ts";
import { gatewayClient } from "#tools/testkit/gateway.ts";
import type { TestShop } from "#tools/testkit/shop.ts";

/** Numbers from 0 up to 1 that follow from a seed. Source: mulberry32. */
export const dice = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

export type Storm = {
  readonly seed: number;
  readonly buyer: Buyer;
  readonly goods: readonly Goods[];
  readonly attemptId: string;
  readonly checkoutId: string;
  readonly basket: Basket;
};

export const stormOf = (seed: number, buyer: Buyer, goods: readonly Goods[]): Storm => {
  const attemptId = `storm-${seed}-attempt`;
  const checkoutId = deriveId("chk", buyer.accountId, attemptId);
  return { seed, buyer, goods, attemptId, checkoutId, basket: basketOf(buyer, goods) };
};

/** All happen within this; a killed app is back sooner. */
const SPAN_MS = 900;

/** Lets the storm loose and ends when all its parts have had their say; what the run made of it is looked at later. */
export const rage = async (shop: TestShop, storm: Storm): Promise<void> => {
  const roll = dice(storm.seed);
  const chance = (share: number) => roll() < share;
  const moment = () => Math.floor(roll() * SPAN_MS);
  if (chance(0.25)) {
    // The window ends in the middle of the storm.
    const agoMs = PAYMENT_WINDOW_MS - 100 - moment();
    await claimEarlier(shop, { ...storm, accountId: storm.buyer.accountId, agoMs });
  }
  const opened = again(storm);
  const plans: Array<{ at: number; act: () => Promise<unknown> }> = [
    ...Array.from({ length: Math.floor(roll() * 3) }, () => ({ at: moment(), act: () => again(storm) })),
    ...(chance(0.3)
      ? [{ at: moment(), act: () => quietly(storm.buyer.call(Checkout, storm.checkoutId).cancel({})) }]
      : []),
    ...(chance(0.5)
      ? [{ at: moment(), act: () => quietly(storm.buyer.call(Checkout, storm.checkoutId).look({})) }]
      : []),
    ...(chance(0.85)
      ? [
          {
            at: moment(),
            act: () => pay(shop, opened, { isTampered: chance(0.1), declinesFirst: chance(0.4) }),
          },
        ]
      : []),
    ...(chance(0.4)
      ? [{ at: moment(), act: () => payAnew(shop, storm, { opened, paysOld: chance(0.5) }) }]
      : []),
  ];
  await Promise.all([opened, ...plans.map(({ at, act }) => sleep(at).then(() => act()))]);
  // Whatever is still waiting for its buyer is called off; a checkout that was paid takes no notice.
  await quietly(storm.buyer.call(Checkout, storm.checkoutId).cancel({}));
};

/** A repeat of the same click: transport retries are the client's own. */
const again = ({ buyer, basket, attemptId }: Storm): Promise<CheckoutView | undefined> =>
  quietly(checkOut(buyer, basket, attemptId));

/** The storm may be answered by anything but silence; only what it leaves behind is judged. */
const quietly = async <T>(work: Promise<T>): Promise<T | undefined> => {
  try {
    return await work;
  } catch {
    return undefined;
  }
};

type Payment = { isTampered: boolean; declinesFirst: boolean };

const pay = async (
  shop: TestShop,
  opened: Promise<CheckoutView | undefined>,
  { isTampered, declinesFirst }: Payment,
): Promise<void> => {
  const view = await opened;
  if (!view?.payment?.clientSecret) return;
  if (isTampered) await changeAmount(shop, view.payment.clientSecret);
  if (declinesFirst) await payInBrowser(shop.sandbox.url, view, "pm_card_chargeDeclined");
  await payInBrowser(shop.sandbox.url, view);
  if (declinesFirst) await replayDecline(shop, view.payment.clientSecret);
};

type Anew = { opened: Promise<CheckoutView | undefined>; paysOld: boolean };

/** Another attempt takes the place of the first, which is paid all the same, or whose news comes once more. */
const payAnew = async (
  shop: TestShop,
  { buyer, checkoutId }: Storm,
  { opened, paysOld }: Anew,
): Promise<void> => {
  const first = await opened;
  const next = await quietly(buyer.call(Checkout, checkoutId).retry({ gateway: "stripe" }));
  if (!next?.payment?.clientSecret || !first?.payment?.clientSecret) return;
  const both = paysOld ? [payInBrowser(shop.sandbox.url, first)] : [];
  await Promise.all([...both, payInBrowser(shop.sandbox.url, next)]);
  await replay(shop, "payment_intent.canceled", first.payment.clientSecret);
};

const refOf = (clientSecret: string): string => clientSecret.split("_secret_")[0] ?? "";

const changeAmount = async (shop: TestShop, clientSecret: string): Promise<void> => {
  await quietly(gatewayClient(shop).paymentIntents.update(refOf(clientSecret), { amount: 77 }));
};

/** The failed event of the older attempt arrives once more, after the success. */
const replayDecline = (shop: TestShop, clientSecret: string): Promise<void> =>
  replay(shop, "payment_intent.payment_failed", clientSecret);

const replay = async (shop: TestShop, type: string, clientSecret: string): Promise<void> => {
  const { data } = await gatewayClient(shop).events.list({ type, limit: 100 });
  const event = data.find((one) => "id" in one.data.object && one.data.object.id === refOf(clientSecret));
  if (event === undefined) return;
  await fetch(`${shop.sandbox.url}/sandbox/webhooks/replay`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ eventId: event.id, times: 2 }),
  });
};
