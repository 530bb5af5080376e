/** A shop with people in it, goods in any currency, and money in wallets: where checkouts are tried out. */
import { randomUUID } from "node:crypto";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Basket } from "@shopnexus/contracts/order/basket";
import type { CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { type Buyer, CATEGORY, type Goods, insider, type Seller } from "#tools/testkit/people.ts";
import type { TestShop } from "#tools/testkit/shop.ts";

type Price = Goods["price"];

/** Publishes a listing of one SKU with that many pieces, at a price in any currency. */
export const offerAt = async (self: Seller, price: Price, pieces: number): Promise<Goods> => {
  const { listingId, skus } = await self.call(Listing).draft({
    title: "A thing",
    description: "It is a thing.",
    category: CATEGORY,
    skus: [{ code: "ONE", price, weightGrams: 100 }],
  });
  const skuId = skus[0]?.skuId ?? "";
  if (pieces > 0) await self.call(Stock).receive({ receiptId: randomUUID(), skuId, pieces });
  await self.call(Listing).publish({ listingId });
  return { skuId, listingId, price };
};

export const dong = (minor: number): Price => ({ minor, currency: "VND" });
export const usd = (minor: number): Price => ({ minor, currency: "USD" });

/** A basket of goods of one currency, one piece of each. */
export const basketIn = (who: Buyer, goods: readonly Goods[], rest: Partial<Basket> = {}): Basket => ({
  addressId: who.addressId,
  gateway: "stripe",
  currency: goods[0]?.price.currency ?? "USD",
  codes: [],
  lines: goods.map(({ skuId, price }) => ({ skuId, pieces: 1, seen: price })),
  ...rest,
});

/** Puts money into an account's wallet, as an entry of the ledger would: in a whole shop nobody outside may post one. */
export const fund = async (
  { sql }: TestShop,
  accountId: string,
  { minor, currency }: Price,
): Promise<void> => {
  const [entryId, wallet] = [freshId("ent"), `wallet:${accountId}`];
  await sql.begin(async (tx) => {
    await tx`insert into account.entry (entry_id, entry_key, reference, kind, line_count, body_hash)
      values (${entryId}, ${`fund/${entryId}`}, ${accountId}, 'adjustment', 2, 'a test')`;
    await tx`insert into account.entry_line (entry_id, position, account, currency, minor)
      values (${entryId}, 0, 'platform:losses', ${currency}, ${-minor}), (${entryId}, 1, ${wallet}, ${currency}, ${minor})`;
    const [held] = await tx<{ minor: number }[]>`
      insert into account.balance as held (account, currency, minor) values (${wallet}, ${currency}, ${minor})
      on conflict (account, currency) do update set minor = held.minor + excluded.minor
      returning held.minor::float8 as minor`;
    await tx`insert into account.statement_line (account, currency, entry_id, minor, balance_after)
      values (${wallet}, ${currency}, ${entryId}, ${minor}, ${held?.minor ?? 0})`;
  });
};

/** How a checkout was paid, as its row says. */
export const tenderOf = async ({ sql }: TestShop, { checkoutId }: CheckoutView) => {
  const [row] = await sql`
    select account_id, charge_id, gateway, gateway_minor::int, wallet_minor::int from "order".tender
    where checkout_id = ${checkoutId}`;
  return row;
};

/** What an account of the ledger holds in one currency. */
export const balanceOf = async (shop: TestShop, account: string, currency: string): Promise<number> => {
  const { balances } = await (await insider(shop)).call(Wallet).balance({ account });
  return balances.find((one) => one.currency === currency)?.minor ?? 0;
};

export const viewOf = (who: Buyer, { checkoutId }: CheckoutView): Promise<CheckoutView> =>
  who.call(Order).viewCheckout({ checkoutId });

/** The entries about a checkout, by kind, each with what it moves on which account. */
export const entriesOf = async (shop: TestShop, checkoutId: string) =>
  (await (await insider(shop)).call(Wallet).entries({ reference: checkoutId })).entries;
