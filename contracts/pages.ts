/** Every contract page there is: what the reference, the fingerprint and the tests that walk all promises read. */
import { AddressBook } from "./account/address-book.ts";
import { Login } from "./account/login.ts";
import { Profile } from "./account/profile.ts";
import { Wallet } from "./account/wallet.ts";
import { Category } from "./catalog/category.ts";
import { Listing } from "./catalog/listing.ts";
import { Feed } from "./common/feed.ts";
import { Stock } from "./inventory/stock.ts";
import { Attempt } from "./order/attempt.ts";
import { Cart } from "./order/cart.ts";
import { Charge } from "./order/charge.ts";
import { Checkout } from "./order/checkout.ts";
import { Order } from "./order/order.ts";
import { Promotion } from "./promotion/promotion.ts";
import { Quote } from "./promotion/quote.ts";
import type { Contract } from "./_kit/contract.ts";

export const PAGES: Readonly<Record<string, readonly Contract[]>> = {
  account: [Login, Profile, AddressBook, Wallet],
  catalog: [Category, Listing],
  common: [Feed],
  inventory: [Stock],
  order: [Attempt, Cart, Charge, Checkout, Order],
  promotion: [Promotion, Quote],
};
