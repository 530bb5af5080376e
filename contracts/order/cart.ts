/** What a buyer means to buy. A wish only: the checkout is the judge of what exists, and what it costs. */
import { z } from "zod";
import { AddressBookRefusals } from "../account/address-book.ts";
import { ListingRefusals } from "../catalog/listing.ts";
import { ExchangeRefusals } from "../common/exchange.ts";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price, Rate } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Done, Nothing, Pieces } from "../_kit/word.ts";
import { Code } from "../promotion/terms.ts";
import { Applied, CODE_COUNT_MAX, Lost, QuoteRefusals } from "../promotion/quote.ts";
import { Carriage, PricedLine, ShippingOption } from "./basket.ts";
import { ChargeRefusals } from "./charge.ts";
import { CheckoutRefusals } from "./checkout.ts";

export const CART_LINE_COUNT_MAX = 100;

const hasDistinctSkus = (lines: readonly { readonly skuId: string }[]): boolean =>
  new Set(lines.map(({ skuId }) => skuId)).size === lines.length;

export const CartLine = z.object({ skuId: id("sku"), pieces: Pieces });
export const CartView = z.object({ lines: z.array(CartLine) });

/** What the buyer would like to have. */
export const BasketWish = z.strictObject({
  addressId: id("adr"),
  currency: Currency,
  codes: z.array(Code).max(CODE_COUNT_MAX),
  lines: z
    .array(z.strictObject({ skuId: id("sku"), pieces: Pieces }))
    .min(1)
    .max(CART_LINE_COUNT_MAX),
  shipping: z
    .array(z.strictObject({ sellerId: id("acc"), carrier: Carriage, service: Carriage }))
    .max(CART_LINE_COUNT_MAX)
    .optional(),
});

const { lineId: _, note: _note, ...priced } = PricedLine.shape;
export const PricedBasket = z.object({
  lines: z.array(
    z.object({
      ...priced,
      /** there: enough pieces; waits: fewer, and the buyer may wait for all of them; short: fewer, and may not. */
      stock: z.enum(["there", "waits", "short"]),
      available: z.int(),
    }),
  ),
  groups: z.array(
    z.object({
      sellerId: id("acc"),
      /** Cheapest first. */
      options: z.array(ShippingOption),
      chosen: ShippingOption.nullable(),
    }),
  ),
  applied: z.array(Applied),
  /** Promotions that touch the basket and give nothing, and why. */
  lost: z.array(Lost),
  goods: Price,
  shipping: Price,
  total: Price,
  /** How many units of the basket's currency one unit of each was worth. */
  rates: z.array(z.object({ currency: Currency, rate: Rate })),
});
export type PricedBasket = z.infer<typeof PricedBasket>;

export const CartRefusals = refusals({
  CART_FULL: { status: 409, says: "A cart holds 100 different items at most." },
});

export const Cart = service("Cart", {
  /** Sets how many pieces of some SKUs are in the caller's cart; zero takes one out.
   *  Takes    1 to 100 lines with distinct SKUs
   *  Gives    the whole cart
   *  Refuses  CART_FULL
   *  Repeats  nothing changes */
  put: step(
    z.strictObject({
      lines: z
        .array(z.strictObject({ skuId: id("sku"), pieces: z.int().min(0).max(9_999) }))
        .min(1)
        .max(CART_LINE_COUNT_MAX)
        .refine(hasDistinctSkus, "must name each SKU once"),
    }),
    CartView,
    { who: "account", refuses: [CartRefusals.CART_FULL], http: "PUT /me/cart" },
  ),

  /** The caller's cart, in the order things were put in. */
  read: read(Nothing, CartView, { who: "account", http: "GET /me/cart" }),

  /** What a basket would cost now, without buying it: what a storefront shows before the click.
   *  Takes    1 to 100 lines with distinct SKUs; shipping: the cheapest way for sellers who are not named
   *  Gives    lines, every way of each parcel and the one taken (null: nobody serves the address), what is short or would
   *           wait, and the rates that it was converted by; nothing is set aside
   *  Refuses  SKU_UNAVAILABLE, ADDRESS_UNKNOWN, LINE_TWICE, OWN_LISTING, CODE_UNKNOWN, RATE_UNAVAILABLE, AMOUNT_UNPAYABLE
   *  Repeats  asks again */
  price: op(BasketWish, PricedBasket, {
    who: "account",
    refuses: [
      ListingRefusals.SKU_UNAVAILABLE,
      AddressBookRefusals.ADDRESS_UNKNOWN,
      CheckoutRefusals.LINE_TWICE,
      CheckoutRefusals.OWN_LISTING,
      QuoteRefusals.CODE_UNKNOWN,
      ExchangeRefusals.RATE_UNAVAILABLE,
      ChargeRefusals.AMOUNT_UNPAYABLE,
    ],
    http: "POST /baskets/price",
  }),

  /** Takes what a checkout bought out of a cart.
   *  Repeats  same checkoutId: nothing changes, whatever was put in since */
  clear: step(
    z.strictObject({
      accountId: id("acc"),
      checkoutId: id("chk"),
      skuIds: z.array(id("sku")).min(1).max(CART_LINE_COUNT_MAX),
    }),
    Done,
    { who: "module" },
  ),
});
