/** The people of many lives, and what they sell: made once, through the shop's own doors. */
import { randomUUID } from "node:crypto";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { Supply } from "@shopnexus/contracts/inventory/supply";
import { Commission } from "@shopnexus/contracts/order/commission";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import {
  type Buyer,
  buyer,
  CATEGORY,
  type Goods,
  operator,
  type Person,
  renewed,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { banked } from "#tools/testkit/earners.ts";
import { gift } from "#tools/testkit/gift.ts";
import type { TestShop } from "#tools/testkit/shop.ts";

export type Shelf = { readonly seller: Seller; readonly currency: string; readonly goods: readonly Goods[] };
export type Cast = {
  readonly shop: TestShop;
  readonly shelves: readonly Shelf[];
  readonly buyers: readonly Buyer[];
  readonly clerk: Person;
};

/** What brings a discount that the platform pays. */
export const CODE = "ON-THE-HOUSE";

const BUYER_COUNT = 24;
const GOODS_A_SHELF = 6;
const PIECES = 100_000;
/** The last of each shelf is scarce, and its buyers may wait for it. */
const SCARCE_PIECES = 40;
/** What each buyer has in the wallet to begin with, minor units. */
const ALLOWANCE_MINOR = 50_000_000;

export const gather = async (shop: TestShop): Promise<Cast> => {
  const clerk = await operator(shop);
  await clerk
    .call(Commission)
    .put({ scope: { kind: "default" }, terms: { basisPoints: 750, fixed: { minor: 5, currency: "USD" } } });
  await promote(clerk);
  const shelves: Shelf[] = [];
  for (const currency of ["USD", "USD", "VND"]) shelves.push(await shelfOf(shop, currency));
  const buyers: Buyer[] = [];
  for (let at = 0; at < BUYER_COUNT; at++) buyers.push(await richBuyer(shop));
  shop.sandbox.carrier.setTariff({ baseMinor: 350, perKgMinor: 120 });
  return { shop, shelves, buyers, clerk };
};

const always = () => ({
  budget: { minor: 1_000_000_000, currency: "USD" },
  startsAt: instant(Date.now() - DAY_MS),
  endsAt: instant(Date.now() + DAY_MS),
});
const part = (basisPoints: number) => ({ kind: "percent" as const, basisPoints });

/** A discount by a code, and cashback for everybody; odd parts, so that much is rounded. */
const promote = async (clerk: Person): Promise<void> => {
  const promotion = clerk.call(Promotion);
  await promotion.launch({ name: "On the house", code: CODE, discount: part(1_337), ...always() });
  await promotion.launch({ name: "A little back", gives: "cashback", discount: part(311), ...always() });
};

/** Access tokens live for ten minutes; many lives may take longer. */
export const renew = async ({ shop, shelves, buyers, clerk }: Cast): Promise<void> => {
  for (const one of [clerk, ...buyers, ...shelves.map((shelf) => shelf.seller)]) await renewed(shop, one);
};

const richBuyer = async (shop: TestShop): Promise<Buyer> => {
  const one = await buyer(shop);
  await gift(shop.sql, one.accountId, { minor: ALLOWANCE_MINOR, currency: "USD" });
  return one;
};

const shelfOf = async (shop: TestShop, currency: string): Promise<Shelf> => {
  const one = await seller(shop);
  await banked(one, currency);
  // The seller pays a part of the carriage.
  await one
    .call(Promotion)
    .create({ name: "Some of the way", gives: "shipping", discount: part(4_321), ...always() });
  const goods: Goods[] = [];
  for (let at = 0; at < GOODS_A_SHELF; at++) {
    const minor = currency === "VND" ? 20_000 + 7_130 * at : 900 + 431 * at;
    goods.push(await offered(one, { minor, currency }, at === GOODS_A_SHELF - 1));
  }
  return { seller: one, currency, goods };
};

const offered = async (one: Seller, price: Goods["price"], isScarce: boolean): Promise<Goods> => {
  const { listingId, skus } = await one.call(Listing).draft({
    title: "A thing",
    description: "It is a thing.",
    category: CATEGORY,
    skus: [{ code: "ONE", price, weightGrams: 400, sizeMm: { length: 200, width: 100, height: 50 } }],
  });
  const skuId = skus[0]?.skuId ?? "";
  await one
    .call(Stock)
    .receive({ receiptId: randomUUID(), skuId, pieces: isScarce ? SCARCE_PIECES : PIECES });
  if (isScarce)
    await one.call(Supply).configure({
      skuId,
      backorder: true,
      serials: false,
      reorderPoint: null,
      supplierEmail: null,
    });
  await one.call(Listing).publish({ listingId });
  return { skuId, listingId, price };
};
