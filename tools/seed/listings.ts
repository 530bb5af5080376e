/** Puts the catalogue up for sale, each product once. */
import { Category } from "@shopnexus/contracts/catalog/category";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import type { Shop } from "@shopnexus/contracts/client";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { nameOf, type Product, products } from "./catalogue.ts";
import { severalAtOnce } from "./several.ts";

export type Listed = { categories: number; made: number; found: number; pieces: number };

const keyOf = ({ category, title }: { category: string; title: string }): string => `${category}/${title}`;

/** What is published and what is not yet. A listing is published last, so one that is seen is complete. */
export const missingFrom = async (shop: Shop): Promise<{ product: Product; at: number }[]> => {
  const seen = new Set<string>();
  for (let after: string | undefined; ; ) {
    const { items, next } = await shop
      .call(Listing)
      .browse({ limit: 100, ...(after !== undefined && { after }) });
    for (const card of items) seen.add(keyOf(card));
    if (next === undefined) break;
    after = next;
  }
  return products()
    .map((product, at) => ({ product, at }))
    .filter(({ product }) => !seen.has(keyOf(product)));
};

/** Lists what is missing; products are dealt to the sellers in turn. */
export const listAll = async (operator: Shop, sellers: readonly Shop[]): Promise<Listed> => {
  const missing = await missingFrom(operator);
  const slugs = [...new Set(missing.map(({ product }) => product.category))];
  await severalAtOnce(slugs, (slug) => operator.call(Category).put({ slug, name: nameOf(slug) }));
  await severalAtOnce(missing, ({ product, at }) => list(sellers[at % sellers.length] as Shop, product));
  return {
    categories: slugs.length,
    made: missing.length,
    found: products().length - missing.length,
    pieces: missing.reduce((sum, { product }) => sum + product.pieces, 0),
  };
};

const list = async (seller: Shop, { code, price, weightGrams, pieces, ...about }: Product): Promise<void> => {
  const { listingId, skus } = await seller
    .call(Listing)
    .draft({ ...about, skus: [{ code, price, weightGrams }] });
  for (const { skuId } of skus)
    if (pieces > 0) await seller.call(Stock).receive({ receiptId: `seed-${skuId}`, skuId, pieces });
  await seller.call(Listing).publish({ listingId });
};
