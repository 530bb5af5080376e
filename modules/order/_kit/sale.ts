/** What is done once a sale is certain: the money goes into escrow, and everybody who has to know is told. */
import { RestatePromise, type WorkflowContext } from "@restatedev/restate-sdk";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Feed } from "@shopnexus/contracts/common/feed";
import { Mail } from "@shopnexus/contracts/common/mail";
import { Backorder } from "@shopnexus/contracts/inventory/backorder";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import type { Basket } from "@shopnexus/contracts/order/basket";
import { Cart } from "@shopnexus/contracts/order/cart";
import { call } from "#modules/_kit/call.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import { send } from "#modules/_kit/peer.ts";
import { captureEntry, letters, placedEvents, type Sale } from "../checkout/rules.ts";

export type Bought = { readonly checkoutId: string; readonly basket: Basket; readonly sale: Sale };

/** Each part has a key of its own: done twice, it is done once. */
export const finish = async (ctx: WorkflowContext, bought: Bought): Promise<void> => {
  const { checkoutId, basket, sale } = bought;
  const { accountId, orders } = sale;
  const skuIds = basket.lines.map(({ skuId }) => skuId);
  await RestatePromise.all([
    ...post(ctx, bought),
    ...(basket.buyNow ? [] : [call(ctx, Cart).clear({ accountId, checkoutId, skuIds })]),
    call(ctx, Feed).append({ events: placedEvents(checkoutId, accountId, orders) }),
  ]);
  for (const order of orders) {
    for (const letter of letters(accountId, order)) send(ctx, Mail).post(letter);
    if (order.items.some(({ isBackordered }) => isBackordered))
      send(ctx, Backorder).admit({ orderId: order.orderId });
  }
  send(ctx, Supply).watch({ skuIds, reference: checkoutId });
};

const post = (ctx: WorkflowContext, { checkoutId, sale }: Bought) => {
  const entry = captureEntry(sale);
  if (entry === undefined) return [];
  const walletHoldId = deriveId("whd", checkoutId);
  return sale.wallet.minor > 0
    ? [call(ctx, Wallet).spend({ walletHoldId, ...entry })]
    : [call(ctx, Wallet).post(entry)];
};
