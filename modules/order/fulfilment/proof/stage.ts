/** A shop with a short memory for silence: paid orders, the parcels of their carrier, and what is left of both. */
import { expect } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import type { ShipmentState } from "@shopnexus/contracts/order/carriage";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Order } from "@shopnexus/contracts/order/order";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  insider,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type ShopOptions, type TestShop } from "#tools/testkit/shop.ts";

type Line = {
  readonly lineId: string;
  readonly skuId: string;
  readonly state: string;
  readonly reason: string | null;
};
export type Paid = {
  readonly checkoutId: string;
  readonly orderId: string;
  readonly lineIds: readonly string[];
};

export type OrderStage = {
  readonly shop: TestShop;
  readonly mai: Buyer;
  readonly an: Seller;
  /** Buys one line of each, and waits for the order. */
  buy(goods: readonly Goods[], pieces?: number): Promise<Paid>;
  /** The seller's handlers of an order. */
  sell(paid: Paid): ReturnType<typeof sellers>;
  lines(paid: Paid): Promise<Line[]>;
  /** Waits until all lines, or those named, are in a state. */
  reaches(paid: Paid, state: string, lineIds?: readonly string[]): Promise<void>;
  /** Facts of the timeline, oldest first, those of the checkout left out. */
  told(paid: Paid): Promise<string[]>;
  /** What the ledger holds of an order, by account; the seller's by the entries about it. */
  books(paid: Paid): Promise<Record<string, number>>;
  /** The carrier's own list of the parcels of an order, newest last. */
  atCarrier(paid: Paid): Promise<Array<{ trackingId: string; carrier: string; status: string }>>;
  move(paid: Paid, state: ShipmentState): Promise<void>;
  refunded(paid: Paid): Promise<number>;
  close(): Promise<void>;
};

const sellers = (an: Seller, { orderId }: Paid) => an.call(Fulfilment, orderId);

/** Long enough for a busy machine, and not for a test that waits in vain. */
export const PATIENT = { timeout: 15_000, interval: 40 };

export const openOrderStage = async (
  deadlines: Readonly<Record<string, number>> = {},
  options: ShopOptions = {},
): Promise<OrderStage> => {
  const DEADLINES = Object.entries(deadlines)
    .map(([name, ms]) => `${name}=${ms}`)
    .join(",");
  const environment = { ...options.environment, ...(DEADLINES !== "" && { DEADLINES }) };
  const shop = await openShop(undefined, { ...options, environment });
  const [mai, an] = await Promise.all([buyer(shop), seller(shop)]);
  const { sql, sandbox } = shop;
  const lines = (paid: Paid): Promise<Line[]> => sql<Line[]>`
    select line_id as "lineId", sku_id as "skuId", state, reason from "order".checkout_line
    where order_id = ${paid.orderId} order by position`;
  const shipments = async (paid: Paid) => {
    const rows = await sql<{ id: string }[]>`
      select shipment_id as id from "order".shipment where order_id = ${paid.orderId} order by created_at`;
    const ids = new Set(rows.map(({ id }) => id));
    return sandbox.carrier.shipments().filter(({ reference }) => ids.has(reference));
  };
  return {
    shop,
    mai,
    an,
    buy: async (goods, pieces = 1) => {
      const opened = await checkOut(mai, basketOf(mai, goods, pieces));
      await payInBrowser(sandbox.url, opened);
      const { checkoutId } = opened;
      const view = await mai.call(Checkout, checkoutId).look({});
      const orderId = view.orderIds[0] ?? "";
      return { checkoutId, orderId, lineIds: view.lines.map(({ lineId }) => lineId) };
    },
    sell: (paid) => sellers(an, paid),
    lines,
    reaches: async (paid, state, lineIds = paid.lineIds) => {
      const wanted = async () =>
        (await lines(paid)).filter(({ lineId }) => lineIds.includes(lineId)).map((line) => line.state);
      await expect.poll(wanted, PATIENT).toEqual(lineIds.map(() => state));
    },
    told: async ({ checkoutId, orderId }) => {
      const { entries } = await mai.call(Order).timeline({ checkoutId });
      return entries.filter((entry) => entry.orderId === orderId).map(({ what }) => what);
    },
    books: async ({ orderId }) => {
      const { entries } = await (await insider(shop)).call(Wallet).entries({ reference: orderId });
      const sums = new Map<string, number>();
      for (const { account, minor } of entries.flatMap((entry) => entry.lines)) {
        const [name = ""] = account.startsWith("platform") ? [account] : account.split(":");
        sums.set(name, (sums.get(name) ?? 0) + minor);
      }
      return Object.fromEntries([...sums].filter(([, minor]) => minor !== 0));
    },
    atCarrier: shipments,
    move: async (paid, state) => {
      const last = (await shipments(paid)).at(-1);
      sandbox.carrier.move(last?.shipmentId ?? "", state as "delivered");
    },
    refunded: async ({ orderId }) => {
      const [row] = await sql`select coalesce(sum(gateway_minor + wallet_minor), 0)::int as minor
        from "order".give_back where order_id = ${orderId} and state = 'paid'`;
      return row?.["minor"] as number;
    },
    close: async () => {
      // What is still on its way need not arrive any more.
      sandbox.setWebhookUrl(undefined);
      sandbox.carrier.setWebhookUrl(undefined);
      await shop.stop();
    },
  };
};
