/** The people of a test: they register, sign in and act over the Restate ingress, as any client would. */
import { randomBytes, randomUUID } from "node:crypto";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Login, type Tokens } from "@shopnexus/contracts/account/login";
import { Profile } from "@shopnexus/contracts/account/profile";
import { Category } from "@shopnexus/contracts/catalog/category";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { connect, newAttemptId, type Shop } from "@shopnexus/contracts/client";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Basket } from "@shopnexus/contracts/order/basket";
import type { CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { signModule } from "#modules/_kit/token.ts";
import { readConfig } from "#app/config.ts";

type Surroundings = { readonly ingressUrl: string; readonly environment: Readonly<Record<string, string>> };

export type Person = Shop & {
  readonly accountId: string;
  readonly email: string;
  readonly password: string;
  tokens: Tokens;
};
export type Buyer = Person & { readonly addressId: string };
export type Goods = {
  readonly skuId: string;
  readonly listingId: string;
  readonly price: { minor: number; currency: string };
};
export type Seller = Person & {
  /** Publishes a listing of one SKU with that many pieces. */
  offer(priceMinor: number, pieces: number): Promise<Goods>;
};

export const person = async ({ ingressUrl }: Surroundings): Promise<Person> => {
  const email = `${randomBytes(8).toString("hex")}@example.com`;
  const password = `pass ${randomUUID()}`;
  const outside = connect({ ingress: ingressUrl });
  const { accountId } = await outside.call(Login).register({ email, password, displayName: "Some Body" });
  const tokens = await outside.call(Login).signIn({ email, password });
  const self: Person = {
    ...connect({ ingress: ingressUrl, token: () => self.tokens.accessToken }),
    accountId,
    email,
    password,
    tokens,
  };
  return self;
};

/** One of our own modules, calling from outside: what deployment tools use. */
export const insider = async ({ ingressUrl, environment }: Surroundings): Promise<Shop> => {
  const { settings } = readConfig(environment);
  return connect({ ingress: ingressUrl, token: await signModule(settings, "tools", Date.now()) });
};

export const renewed = async ({ ingressUrl }: Surroundings, self: Person): Promise<void> => {
  self.tokens = await connect({ ingress: ingressUrl })
    .call(Login)
    .refresh({ refreshToken: self.tokens.refreshToken });
};

export const operator = async (shop: Surroundings): Promise<Person> => {
  const self = await person(shop);
  await (await insider(shop)).call(Profile).grant({ accountId: self.accountId, role: "operator" });
  await renewed(shop, self);
  return self;
};

export const ADDRESS = {
  recipient: "Some Body",
  phone: "+84901234567",
  line1: "1 Long Street",
  city: "Hanoi",
  postcode: "10000",
  country: "VN",
};

export const buyer = async (shop: Surroundings): Promise<Buyer> => {
  const self = await person(shop);
  const { addressId } = await self.call(AddressBook).add(ADDRESS);
  return Object.assign(self, { addressId });
};

export const CATEGORY = "things";

export const seller = async (shop: Surroundings): Promise<Seller> => {
  const self = await person(shop);
  await self.call(Profile).openShop({ shopName: `Shop ${randomUUID()}` });
  await renewed(shop, self);
  await (await insider(shop)).call(Category).put({ slug: CATEGORY, name: "Things" });
  return Object.assign(self, {
    offer: (priceMinor: number, pieces: number) => offer(self, priceMinor, pieces),
  });
};

const offer = async (self: Person, priceMinor: number, pieces: number): Promise<Goods> => {
  const price = { minor: priceMinor, currency: "USD" };
  const listing = await self.call(Listing).draft({
    title: "A thing",
    description: "It is a thing.",
    category: CATEGORY,
    skus: [{ code: "ONE", price, weightGrams: 100 }],
  });
  const skuId = listing.skus[0]?.skuId ?? "";
  if (pieces > 0) await self.call(Stock).receive({ receiptId: randomUUID(), skuId, pieces });
  await self.call(Listing).publish({ listingId: listing.listingId });
  return { skuId, listingId: listing.listingId, price };
};

/** A basket of one or more goods, at the price seen. */
export const basketOf = (who: Buyer, goods: readonly Goods[], pieces = 1): Basket => ({
  addressId: who.addressId,
  gateway: "stripe",
  currency: "USD",
  codes: [],
  lines: goods.map(({ skuId, price }) => ({ skuId, pieces, seen: price })),
});

export const checkOut = (who: Buyer, basket: Basket, attemptId = newAttemptId()): Promise<CheckoutView> =>
  who.call(Order).checkout({ attemptId, ...basket });

/** Pays at the sandbox as the gateway's own browser library would: with the client secret and a publishable key. */
export const payInBrowser = async (
  gatewayUrl: string,
  view: CheckoutView,
  method = "pm_card_visa",
): Promise<Response> => {
  const secret = view.payment?.clientSecret ?? "";
  return fetch(`${gatewayUrl}/v1/payment_intents/${secret.split("_secret_")[0]}/confirm`, {
    method: "POST",
    headers: { authorization: "Bearer pk_test_browser", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({
      client_secret: secret,
      payment_method: method,
      return_url: "https://shop.example/return",
    }),
  });
};
