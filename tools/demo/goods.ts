/** What a buyer could put in a cart: three lines from two sellers, of what is on the shelves now. */
import { randomInt } from "node:crypto";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import type { Shop } from "@shopnexus/contracts/client";
import { type Level, Stock } from "@shopnexus/contracts/inventory/stock";
import { severalAtOnce } from "#tools/seed/several.ts";

export type Goods = {
  skuId: string;
  sellerId: string;
  title: string;
  price: { minor: number; currency: string };
  pieces: number;
};

const PAGE = 24;

/** Looks page by page until there are two SKUs of one seller and one of another, with enough pieces left. */
export const findGoods = async (shop: Shop): Promise<Goods[]> => {
  const found: Goods[] = [];
  for (let after: string | undefined; ; ) {
    const page = await shop.call(Listing).browse({ limit: PAGE, ...(after !== undefined && { after }) });
    // Not always the same ones: buyers at the same time would disturb each other's counting.
    const from = randomInt(page.items.length + 1);
    const cards = [...page.items.slice(from), ...page.items.slice(0, from)];
    found.push(...(await severalAtOnce(cards, ({ listingId }) => look(shop, listingId))).flat());
    const chosen = threeOfTwo(found);
    if (chosen !== undefined) return chosen;
    if (page.next === undefined) break;
    after = page.next;
  }
  throw new Error(
    'There are not three things of two sellers in stock. "npm run seed" puts the catalogue back where it is missing.',
  );
};

/** How many pieces are bought of the first, the second and the third. */
const PIECES = [2, 1, 1] as const;
const PIECES_MAX = Math.max(...PIECES);

const look = async (shop: Shop, listingId: string): Promise<Goods[]> => {
  const { title, sellerId, skus } = await shop.call(Listing).read({ listingId });
  const levels = await Promise.all(skus.map(({ skuId }) => shop.call(Stock).level({ skuId })));
  return skus
    .map(({ skuId, price }) => ({ skuId, sellerId, title, price, pieces: 1 }))
    .filter((_sku, at) => (levels[at]?.available ?? 0) >= PIECES_MAX);
};

/** Two of the first seller that has two, and one of any other. */
export const threeOfTwo = (goods: readonly Goods[]): Goods[] | undefined => {
  const bySeller = [...Map.groupBy(goods, ({ sellerId }) => sellerId).values()];
  const two = bySeller.find((own) => own.length >= 2)?.slice(0, 2);
  const other = goods.find(({ sellerId }) => two !== undefined && sellerId !== two[0]?.sellerId);
  if (two === undefined || other === undefined) return undefined;
  return [...two, other].map((one, at) => ({ ...one, pieces: PIECES[at] ?? 1 }));
};

export const levelsOf = (shop: Shop, goods: readonly Goods[]): Promise<Level[]> =>
  severalAtOnce(goods, ({ skuId }) => shop.call(Stock).level({ skuId }));
