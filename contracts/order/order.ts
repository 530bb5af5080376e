/** What was bought from one seller, and the one timeline that people can read. */
import { z } from "zod";
import { Address, AddressBookRefusals } from "../account/address-book.ts";
import { ListingRefusals } from "../catalog/listing.ts";
import { StockRefusals } from "../inventory/stock.ts";
import { PromotionRefusals } from "../promotion/promotion.ts";
import { QuoteRefusals } from "../promotion/quote.ts";
import { AttemptId, AttemptRefusals } from "./attempt.ts";
import { ChargeRefusals } from "./charge.ts";
import { op, read, service } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Basket, CheckoutLine, CheckoutRefusals, CheckoutView } from "./checkout.ts";

/** paid: the seller's turn; what follows is the furthest that any line that still counts has come. */
export const OrderState = z.enum([
  "paid",
  "confirmed",
  "shipped",
  "delivered",
  "fulfilled",
  "cancelled",
  "refunded",
]);
/** Where people look for an order; exactly one at a time. */
export const OrderTab = z.enum([
  "pending",
  "to_confirm",
  "in_transit",
  "completed",
  "cancelled",
  "in_dispute",
]);
export const OrderView = z.object({
  orderId: id("ord"),
  checkoutId: id("chk"),
  buyerId: id("acc"),
  sellerId: id("acc"),
  state: OrderState,
  total: Price,
  address: Address,
  lines: z.array(CheckoutLine),
  placedAt: Instant,
});
export type OrderView = z.infer<typeof OrderView>;

export const TimelineEntry = z.object({
  at: Instant,
  /** A stable name, e.g. `payment_settled`. */
  what: z.string(),
  /** One sentence for the buyer, the seller and support. */
  says: z.string(),
});

const CheckoutRef = z.strictObject({ checkoutId: id("chk") });

export const OrderRefusals = refusals({
  ORDER_UNKNOWN: { status: 404, says: "There is no such order." },
});

export const Order = service("Order", {
  /** Buys what the caller saw: holds it, and answers when it can be paid.
   *  Takes    attemptId 8 to 80 characters; 1 to 100 lines with distinct SKUs; 0 to 5 codes
   *  Gives    the checkout, with what the gateway's browser library needs
   *  Refuses  ATTEMPT_REUSED, SKU_UNAVAILABLE, ADDRESS_UNKNOWN, LINE_TWICE, OWN_LISTING, PRICE_CHANGED, CODE_UNKNOWN,
   *           CURRENCY_MIXED, BUDGET_SPENT, OUT_OF_STOCK, AMOUNT_UNPAYABLE, CHECKOUT_CANCELLED, CHECKOUT_STOPPED,
   *           PAYMENT_EXPIRED
   *  Repeats  same attemptId, same basket: the same checkout, for ever */
  checkout: op(z.strictObject({ attemptId: AttemptId, ...Basket.shape }), CheckoutView, {
    who: "account",
    refuses: [
      AttemptRefusals.ATTEMPT_REUSED,
      ListingRefusals.SKU_UNAVAILABLE,
      AddressBookRefusals.ADDRESS_UNKNOWN,
      CheckoutRefusals.LINE_TWICE,
      CheckoutRefusals.OWN_LISTING,
      CheckoutRefusals.PRICE_CHANGED,
      QuoteRefusals.CODE_UNKNOWN,
      QuoteRefusals.CURRENCY_MIXED,
      PromotionRefusals.BUDGET_SPENT,
      StockRefusals.OUT_OF_STOCK,
      ChargeRefusals.AMOUNT_UNPAYABLE,
      CheckoutRefusals.CHECKOUT_CANCELLED,
      CheckoutRefusals.CHECKOUT_STOPPED,
      CheckoutRefusals.PAYMENT_EXPIRED,
    ],
    http: "POST /checkouts",
  }),

  /** How a checkout of the caller's stands.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's */
  viewCheckout: read(CheckoutRef, CheckoutView, {
    who: "account",
    refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN],
    http: "GET /checkouts/{checkoutId}",
  }),

  /** One order, for its buyer or its seller.
   *  Refuses  ORDER_UNKNOWN, also for anybody else's */
  read: read(z.strictObject({ orderId: id("ord") }), OrderView, {
    who: "account",
    refuses: [OrderRefusals.ORDER_UNKNOWN],
    http: "GET /orders/{orderId}",
  }),

  /** The caller's purchases, newest first, by page. */
  list: read(z.strictObject({ ...pageFields }), page(OrderView), { who: "account", http: "GET /orders" }),

  /** All that happened to a checkout of the caller's and its orders, oldest first.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's */
  timeline: read(CheckoutRef, z.object({ entries: z.array(TimelineEntry) }), {
    who: "account",
    refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN],
    http: "GET /checkouts/{checkoutId}/timeline",
  }),
});
