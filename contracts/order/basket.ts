/** Words of buying: what the buyer saw and wants, what was frozen of it, and how it goes to the buyer. */
import { z } from "zod";
import { Address } from "../account/address-book.ts";
import { SizeMm } from "../catalog/listing.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price, Rate } from "../_kit/money.ts";
import { Pieces, text } from "../_kit/word.ts";
import { Code } from "../promotion/terms.ts";
import { CODE_COUNT_MAX } from "../promotion/quote.ts";
import { GatewayName } from "./payment.ts";

export const CHECKOUT_LINE_COUNT_MAX = 100;

/** Names of a carrier and of one of its services. */
export const Carriage = z.string().regex(/^[a-z][a-z0-9-]{1,30}$/);

/** `whole`: all lines are there or nothing is bought; `partial`: what may be backordered waits, the rest goes on. */
export const StockWish = z.enum(["whole", "partial"]);

/** What the buyer saw and wants. `seen` is the price of one piece on the page where the buyer clicked. */
export const Basket = z.strictObject({
  addressId: id("adr"),
  gateway: GatewayName,
  currency: Currency,
  codes: z.array(Code).max(CODE_COUNT_MAX),
  lines: z
    .array(
      z.strictObject({
        skuId: id("sku"),
        pieces: Pieces,
        /** In the seller's currency or in the basket's. */
        seen: Price,
        /** For the seller. */
        note: text(500).optional(),
        /** Of a drop: its price and its pieces, as many as the ticket is for. */
        ticketId: id("tkt").optional(),
      }),
    )
    .min(1)
    .max(CHECKOUT_LINE_COUNT_MAX),
  /** How much to take from the buyer's wallet first, if it costs as much; all of it where the gateway is `wallet`. */
  wallet: Price.optional(),
  /** How each seller's parcel goes; the cheapest way for sellers who are not named. */
  shipping: z
    .array(z.strictObject({ sellerId: id("acc"), carrier: Carriage, service: Carriage, seen: Price }))
    .max(CHECKOUT_LINE_COUNT_MAX)
    .optional(),
  /** What the whole cost on that page; where absent only its parts are compared. */
  seenTotal: Price.optional(),
  /** `whole` where absent. */
  stock: StockWish.optional(),
  /** Bought past the cart, which stays as it is. */
  buyNow: z.boolean().optional(),
});
export type Basket = z.infer<typeof Basket>;

/** One way for one seller's parcel to go, in the basket's currency. */
export const ShippingOption = z.object({
  carrier: z.string(),
  service: z.string(),
  price: Price,
  /** Null where the carrier does not say. */
  days: z.int().nullable(),
});
export type ShippingOption = z.infer<typeof ShippingOption>;

/** How one seller's lines go to the buyer, and in which currency the seller is paid. */
export const CheckoutGroup = z.object({
  sellerId: id("acc"),
  carrier: z.string().nullable(),
  service: z.string().nullable(),
  shipping: Price,
  days: z.int().nullable(),
});

/** All that is frozen of a group, for its order. */
export const FrozenGroup = z.strictObject({
  ...CheckoutGroup.shape,
  /** Where the parcel leaves from, if the seller has an address. */
  from: Address.nullable(),
  sellerCurrency: Currency,
  /** How many units of the seller's currency one unit of the buyer's is worth; "1" where they are one. */
  sellerRate: Rate,
});
export type FrozenGroup = z.infer<typeof FrozenGroup>;

export const PricedLine = z.object({
  lineId: id("lin"),
  skuId: id("sku"),
  listingId: id("lst"),
  sellerId: id("acc"),
  title: z.string(),
  pieces: Pieces,
  unitPrice: Price,
  discount: Price,
  total: Price,
  /** The line's share of its seller's parcel. */
  shipping: Price,
  /** What the seller asks for one piece, in the seller's own currency. */
  source: Price,
  note: z.string().nullable(),
});

/** All that is frozen of a line, for its order. */
export const FrozenLine = z.strictObject({
  ...PricedLine.shape,
  /** What of the discount the platform pays; the rest is the seller's. */
  platformDiscount: Price.optional(),
  /** The line's share of what its parcel was made cheaper by, by who pays it. */
  platformCarriage: Price.optional(),
  sellerCarriage: Price.optional(),
  /** What of the total comes back to the buyer's wallet once the seller is paid. */
  cashback: Price.optional(),
  /** What the platform keeps of it. */
  commission: Price,
  weightGrams: z.int().min(0),
  sizeMm: SizeMm.nullable(),
  /** The buyer waits for stock. */
  isBackordered: z.boolean(),
});
export type FrozenLine = z.infer<typeof FrozenLine>;
