import { afterAll, beforeAll, expect, test } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { newAttemptId } from "@shopnexus/contracts/client";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Order } from "@shopnexus/contracts/order/order";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Probe } from "#modules/_kit/probe.ts";
import { cancelRun } from "#tools/testkit/console.ts";
import {
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  insider,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

const probes = new Map<string, Probe>();
let shop: TestShop;
let mai: Buyer;
let an: Seller;
beforeAll(async () => {
  shop = await openShop(undefined, { probe: (key) => probes.get(key ?? "") });
  [mai, an] = await Promise.all([buyer(shop), seller(shop)]);
});
afterAll(() => shop?.stop());

/** A checkout ready to be paid, and a promise of the moment in which its run begins a pair. */
const opened = async (pair: string) => {
  const thing = await an.offer(1_500, 5);
  await mai.call(Cart).put({ lines: [{ skuId: thing.skuId, pieces: 2 }] });
  const attemptId = newAttemptId();
  const begun = Promise.withResolvers<void>();
  const onPair = (name: string) => {
    if (name === pair) begun.resolve();
  };
  probes.set(deriveId("chk", mai.accountId, attemptId), { onPair });
  return { thing, view: await checkOut(mai, basketOf(mai, [thing], 2), attemptId), begun: begun.promise };
};

/** Pays, and cancels the run twice while a locked table holds it up in this very pair. */
const cancelledIn = async (pair: string, table: string) => {
  const { thing, view, begun } = await opened(pair);
  await shop.sql.begin(async (tx) => {
    await tx.unsafe(`lock table ${table} in exclusive mode`);
    await payInBrowser(shop.sandbox.url, view);
    await begun;
    for (let times = 0; times < 2; times++) await cancelRun(shop.adminUrl, `Checkout/${view.checkoutId}/run`);
  });
  const attached = await fetch(`${shop.ingressUrl}/restate/workflow/Checkout/${view.checkoutId}/attach`);
  const books = (await insider(shop)).call(Wallet);
  const { entries } = await books.entries({ reference: view.checkoutId });
  return {
    status: attached.status,
    view: await mai.call(Order).viewCheckout({ checkoutId: view.checkoutId }),
    posted: entries.map(({ kind }) => kind).toSorted((a, b) => (a < b ? -1 : 1)),
    level: await mai.call(Stock).level({ skuId: thing.skuId }),
    inCart: (await mai.call(Cart).read({})).lines.filter(({ skuId }) => skuId === thing.skuId).length,
  };
};

test("Checkout/run: cancelled by an operator before the pivot, everything is undone and the money goes back", async () => {
  expect(await cancelledIn("commit stock", "inventory.movement")).toMatchObject({
    status: 409,
    view: {
      state: "abandoned",
      refused: { code: "CHECKOUT_STOPPED" },
      payment: { state: "voided" },
      orderIds: [],
    },
    posted: ["capture", "refund"],
    level: { held: 0, sold: 0, available: 5 },
    inCart: 1,
  });
});

test.each([
  ["place orders", `"order"."order"`],
  ["finish sale", "account.entry"],
])(
  "Checkout/run: cancelled by an operator after the pivot, in “%s”, the sale is finished all the same",
  async (pair, table) => {
    expect(await cancelledIn(pair, table)).toMatchObject({
      status: 200,
      view: { state: "placed", refused: null, orderIds: [expect.any(String)] },
      posted: ["capture"],
      level: { held: 0, sold: 2, available: 3 },
      inCart: 0,
    });
  },
);
