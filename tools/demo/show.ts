/** The purchase that `npm start` shows: everything a buyer's client does, then the timeline. */
import type { CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import type { Shop } from "@shopnexus/contracts/client";
import { BUYERS } from "#tools/seed/cast.ts";
import { signedIn } from "#tools/seed/person.ts";
import { WELCOME_CODE } from "#tools/seed/promotion.ts";
import { columns } from "#tools/start/columns.ts";
import { worldOf } from "#tools/start/need-running.ts";
import type { Running } from "#tools/start/running.ts";
import { findGoods } from "./goods.ts";
import { checkOut, fillCart, outcomeOf, payInBrowser } from "./purchase.ts";
import { amount } from "./words.ts";

export const buyForShow = async (running: Running): Promise<void> => {
  if (running.gateway.browserKey === undefined) {
    console.log("The gateway is in live mode: nothing is bought for show.");
    return;
  }
  const buyer = await signedIn(worldOf(running), BUYERS[0]);
  const goods = await findGoods(buyer);
  const startedMs = performance.now();
  await fillCart(buyer, goods);
  const opened = await checkOut(buyer, goods);
  await payInBrowser({ url: running.urls.gateway, browserKey: running.gateway.browserKey }, opened);
  const placed = await outcomeOf(buyer, opened.checkoutId);
  if (placed.state !== "placed")
    throw new Error(`The purchase came to nothing: ${placed.refused?.message ?? placed.state}`);
  const ms = Math.round(performance.now() - startedMs);
  console.log(
    `\n${BUYERS[0].displayName} bought three things from two sellers in ${ms} ms, paying at ${tillName(running)}:\n`,
  );
  console.log(`${receipt(placed)}\n\n${await timeline(buyer, placed.checkoutId)}`);
};

const tillName = ({ gateway, urls }: Running): string =>
  gateway.isEmulator ? "the sandbox (an EMULATOR)" : urls.gateway;

const receipt = ({ lines, total, checkoutId, orderIds }: CheckoutView): string =>
  columns([
    ...lines.map(({ pieces, title, total }) => [`${pieces} x`, title, amount(total)]),
    ["", `in all, with ${WELCOME_CODE}`, total === null ? "" : amount(total)],
  ]).concat(`\n  ${checkoutId} became ${orderIds.join(" and ")}`);

/** What happened, one line a fact. */
export const timeline = async (buyer: Shop, checkoutId: string): Promise<string> => {
  const { entries } = await buyer.call(Order).timeline({ checkoutId });
  return columns(entries.map(({ at, what, says }) => [at.slice(11, 23), what, says]));
};
