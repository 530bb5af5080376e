/** Everything there is to know of one purchase, gathered from outside when it is over. */
import { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Shop } from "@shopnexus/contracts/client";
import type { Level } from "@shopnexus/contracts/inventory/stock";
import type { CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { insiderOf } from "#tools/seed/person.ts";
import { severalAtOnce } from "#tools/seed/several.ts";
import { worldOf } from "#tools/start/need-running.ts";
import type { Running } from "#tools/start/running.ts";
import type { PlacedOrder } from "./balance.ts";
import { type Goods, levelsOf } from "./goods.ts";
import { stepsOf } from "./journal.ts";

export type Story = { buyer: Shop; goods: readonly Goods[]; before: readonly Level[]; placed: CheckoutView };

export const gather = async (running: Running, { buyer, goods, before, placed }: Story) => {
  const { checkoutId, payment, orderIds } = placed;
  // First, because it waits for the run's end: the ledger is written after the orders are placed.
  const steps = await stepsOf(running.urls.restateAdmin, checkoutId);
  const insider = await insiderOf(worldOf(running));
  return {
    checkoutId,
    orders: await severalAtOnce(orderIds, (orderId) => orderOf(buyer, orderId)),
    payment: payment && {
      chargeId: payment.chargeId,
      gateway: payment.gateway,
      amount: payment.amount,
      state: payment.state,
    },
    ledger: (await insider.call(Wallet).entries({ reference: checkoutId })).entries,
    stock: { before, after: await levelsOf(buyer, goods) },
    steps,
  };
};
export type Gathered = Awaited<ReturnType<typeof gather>>;

const orderOf = async (buyer: Shop, orderId: string): Promise<PlacedOrder> => {
  const { sellerId, lines, total } = await buyer.call(Order).read({ orderId });
  return {
    orderId,
    sellerId,
    lines: lines.map(({ skuId, title, pieces, total, shipping }) => ({
      skuId,
      title,
      pieces,
      totalMinor: total.minor + shipping.minor,
    })),
    totalMinor: total.minor,
    currency: total.currency,
  };
};
