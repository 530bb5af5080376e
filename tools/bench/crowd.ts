/** Who buys and what there is to buy: made over the ingress, as anybody would. */
import { type Buyer, buyer, type Goods, renewed, seller } from "#tools/testkit/people.ts";
import type { LoadBuyer, LoadGoods } from "./load.ts";
import type { BenchShop } from "./world.ts";

const SELLER_COUNT = 4;
const SHELF_COUNT = 12;
/** More than a fast machine sells in an hour. */
const PIECES = 1_000_000;

export type Crowd = {
  readonly shelves: ReadonlyArray<readonly LoadGoods[]>;
  /** The buyers with tokens that were made now. */
  present(): Promise<LoadBuyer[]>;
};

export const gather = async (shop: BenchShop, buyerCount: number): Promise<Crowd> => {
  const shelves: Goods[][] = [];
  for (let at = 0; at < SELLER_COUNT; at++) shelves.push(await shelfOf(shop));
  const buyers: Buyer[] = [];
  for (let at = 0; at < buyerCount; at++) buyers.push(await buyer(shop));
  return {
    shelves,
    present: async () => {
      for (const one of buyers) await renewed(shop, one);
      return buyers.map(({ tokens, addressId }) => ({ token: tokens.accessToken, addressId }));
    },
  };
};

const shelfOf = async (shop: BenchShop): Promise<Goods[]> => {
  const one = await seller(shop);
  const shelf: Goods[] = [];
  for (let at = 0; at < SHELF_COUNT; at++) shelf.push(await one.offer(500 + 137 * at, PIECES));
  return shelf;
};
