/** What was bought from one seller, and the one timeline that people can read. */
import { z } from "zod";
import { Address, AddressBookRefusals } from "../account/address-book.ts";
import { ListingRefusals } from "../catalog/listing.ts";
import { StockRefusals } from "../inventory/stock.ts";
import { PromotionRefusals } from "../promotion/promotion.ts";
import { QuoteRefusals } from "../promotion/quote.ts";
import { ChargeRefusals } from "./charge.ts";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals, Refused } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done } from "../_kit/word.ts";
import { Basket, CheckoutLine, CheckoutRefusals, CheckoutState, CheckoutView } from "./checkout.ts";

/** The client's own name for one attempt to buy: a fresh random value a click, the same one for every repeat of it. */
export const AttemptId = z.string().regex(/^[A-Za-z0-9_-]{8,80}$/);

export const OrderState = z.enum(["paid"]);
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
  ATTEMPT_REUSED: {
    status: 422,
    says: "This attempt id was used for another basket: make a new one for a new attempt.",
  },
  CHECKOUT_CLOSED: {
    status: 409,
    says: "This checkout is over.",
    data: z.object({ state: CheckoutState }),
  },
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
      OrderRefusals.ATTEMPT_REUSED,
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

  /** Claims an attempt for an account.
   *  Takes    basketHash: SHA-256 of the canonical basket, hex
   *  Gives    state: `claimed` while the workflow is to be started or running; claimedAt, when it was first claimed
   *  Refuses  ATTEMPT_REUSED
   *  Repeats  same hash: how the checkout stands */
  claim: step(
    z.strictObject({
      checkoutId: id("chk"),
      accountId: id("acc"),
      attemptId: AttemptId,
      basketHash: z.string().regex(/^[0-9a-f]{64}$/),
    }),
    z.object({ state: CheckoutState, claimedAt: Instant }),
    { who: "module", refuses: [OrderRefusals.ATTEMPT_REUSED] },
  ),

  /** Writes the priced lines down; the buyer may pay until windowEndsAt.
   *  Gives    the total, and how many milliseconds of the window are left, 0 or more
   *  Refuses  CHECKOUT_CLOSED (its abandon came first)
   *  Repeats  nothing changes
   *  Undo     abandon */
  open: step(
    z.strictObject({
      checkoutId: id("chk"),
      address: Address,
      currency: Currency,
      lines: z.array(CheckoutLine).min(1).max(100),
      windowEndsAt: Instant,
    }),
    z.object({ total: Price, windowMs: z.int().min(0) }),
    { who: "module", undo: "abandon", refuses: [OrderRefusals.CHECKOUT_CLOSED] },
  ),

  /** Takes an opened checkout back; a late open refuses.
   *  Repeats  nothing changes */
  abandon: step(CheckoutRef, Done, { who: "module" }),

  /** Writes down why a checkout came to nothing.
   *  Repeats  the first reason stays */
  close: step(z.strictObject({ checkoutId: id("chk"), refused: Refused }), Done, { who: "module" }),

  /** Turns a paid checkout into one order a seller.
   *  Gives    the orders, by id
   *  Refuses  CHECKOUT_CLOSED
   *  Repeats  the same orders */
  place: step(
    CheckoutRef,
    z.object({
      orders: z.array(z.object({ orderId: id("ord"), sellerId: id("acc"), total: Price })),
    }),
    { who: "module", refuses: [OrderRefusals.CHECKOUT_CLOSED] },
  ),

  /** How a checkout of the caller's stands.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's */
  viewCheckout: read(CheckoutRef, CheckoutView, {
    who: "account",
    refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN],
    http: "GET /checkouts/{checkoutId}",
  }),

  /** How a checkout of an account's stands, for other components.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's */
  findCheckout: read(z.strictObject({ checkoutId: id("chk"), accountId: id("acc") }), CheckoutView, {
    who: "module",
    refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN],
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
