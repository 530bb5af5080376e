/** What was bought from one seller, and the one timeline that people can read. */
import { z } from "zod";
import { AddressBookRefusals } from "../account/address-book.ts";
import { WalletRefusals } from "../account/wallet.ts";
import { ListingRefusals } from "../catalog/listing.ts";
import { ExchangeRefusals } from "../common/exchange.ts";
import { StockRefusals } from "../inventory/stock.ts";
import { TicketRefusals } from "../inventory/ticket.ts";
import { PromotionRefusals } from "../promotion/promotion.ts";
import { QuoteRefusals } from "../promotion/quote.ts";
import { AttemptId, AttemptRefusals } from "./attempt.ts";
import { ChargeRefusals } from "./charge.ts";
import { op, read, service } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { page, pageFields } from "../_kit/page.ts";
import { CommonRefusals, refusals } from "../_kit/refusal.ts";
import { Nothing } from "../_kit/word.ts";
import { Basket } from "./basket.ts";
import { CheckoutRefusals, CheckoutState, CheckoutView } from "./checkout.ts";
import { CheckoutSummary, OrderTab, OrderView, TabCounts, TimelineEntry, Waiting } from "./purchase.ts";

const CheckoutRef = z.strictObject({ checkoutId: id("chk") });
const OrderRef = z.strictObject({ orderId: id("ord") });

export const OrderRefusals = refusals({
  ORDER_UNKNOWN: { status: 404, says: "There is no such order." },
});

export const Order = service("Order", {
  /** Buys what the caller saw: holds it, and answers when it can be paid.
   *  Takes    attemptId 8 to 80 characters; 1 to 100 lines with distinct SKUs; 0 to 5 codes
   *  Gives    the checkout, with what the gateway's browser library needs, or the address of the gateway's page
   *  Refuses  ATTEMPT_REUSED, SKU_UNAVAILABLE, ADDRESS_UNKNOWN, LINE_TWICE, OWN_LISTING, PRICE_CHANGED, CODE_UNKNOWN,
   *           CURRENCY_MIXED, RATE_UNAVAILABLE, SHIPPING_UNAVAILABLE, BUDGET_SPENT, USES_SPENT, ACCOUNT_USES_SPENT, COUPON_SPENT,
   *           PROMOTION_STOPPED, OUT_OF_STOCK, BUSY, TICKET_UNKNOWN, TICKET_WAITING, TICKET_GONE, TICKET_DIFFERS, FUNDS_SHORT,
   *           AMOUNT_UNPAYABLE, GATEWAY_UNAVAILABLE, CHECKOUT_CANCELLED, CHECKOUT_STOPPED, PAYMENT_EXPIRED, ATTEMPTS_SPENT
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
      ExchangeRefusals.RATE_UNAVAILABLE,
      CheckoutRefusals.SHIPPING_UNAVAILABLE,
      PromotionRefusals.BUDGET_SPENT,
      PromotionRefusals.USES_SPENT,
      PromotionRefusals.ACCOUNT_USES_SPENT,
      PromotionRefusals.COUPON_SPENT,
      PromotionRefusals.PROMOTION_STOPPED,
      StockRefusals.OUT_OF_STOCK,
      CommonRefusals.BUSY,
      TicketRefusals.TICKET_UNKNOWN,
      TicketRefusals.TICKET_WAITING,
      TicketRefusals.TICKET_GONE,
      TicketRefusals.TICKET_DIFFERS,
      WalletRefusals.FUNDS_SHORT,
      ChargeRefusals.AMOUNT_UNPAYABLE,
      ChargeRefusals.GATEWAY_UNAVAILABLE,
      CheckoutRefusals.CHECKOUT_CANCELLED,
      CheckoutRefusals.CHECKOUT_STOPPED,
      CheckoutRefusals.PAYMENT_EXPIRED,
      CheckoutRefusals.ATTEMPTS_SPENT,
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

  /** The caller's checkouts, newest first, by page; of one state or of all: `awaiting_payment` is still to be paid. */
  listCheckouts: read(
    z.strictObject({ state: CheckoutState.optional(), ...pageFields }),
    page(CheckoutSummary),
    { who: "account", http: "GET /checkouts" },
  ),

  /** One order, for its buyer, its seller and operators.
   *  Refuses  ORDER_UNKNOWN, also for anybody else's */
  read: read(OrderRef, OrderView, {
    who: "account",
    refuses: [OrderRefusals.ORDER_UNKNOWN],
    http: "GET /orders/{orderId}",
  }),

  /** The caller's purchases, newest first, by page; of one tab or of all. */
  list: read(z.strictObject({ tab: OrderTab.optional(), ...pageFields }), page(OrderView), {
    who: "account",
    http: "GET /orders",
  }),

  /** How many purchases of the caller's stand under each tab.
   *  Gives    at most 10,000 a tab: that many, or more */
  tabs: read(Nothing, TabCounts, { who: "account", http: "GET /me/orders/tabs" }),

  /** All that happened to a checkout of the caller's and its orders, oldest first.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's */
  timeline: read(CheckoutRef, z.object({ entries: z.array(TimelineEntry) }), {
    who: "account",
    refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN],
    http: "GET /checkouts/{checkoutId}/timeline",
  }),

  /** All that happened to one order, oldest first, and what happens next of itself: for its buyer, its seller, operators.
   *  Gives    to the seller: of the checkout no more than how the payment came out
   *  Refuses  ORDER_UNKNOWN, also for anybody else's */
  follow: read(OrderRef, z.object({ entries: z.array(TimelineEntry), waiting: z.array(Waiting) }), {
    who: "account",
    refuses: [OrderRefusals.ORDER_UNKNOWN],
    http: "GET /orders/{orderId}/timeline",
  }),
});
