/** One attempt to buy, from basket to orders: the workflow that may be killed anywhere. */
import { z } from "zod";
import { Address } from "../account/address-book.ts";
import { op, run, workflow } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price } from "../_kit/money.ts";
import { refusals, Refused } from "../_kit/refusal.ts";
import { Instant, MINUTE_MS } from "../_kit/time.ts";
import { Done, Nothing, Pieces } from "../_kit/word.ts";
import { HOLD_MS } from "../inventory/stock.ts";
import { Code } from "../promotion/promotion.ts";
import { CODE_COUNT_MAX } from "../promotion/quote.ts";
import { GatewayName, Payment } from "./payment.ts";

/** Ends before the stock hold does: what is paid in the last second still has two minutes to be committed. */
export const PAYMENT_WINDOW_MS = HOLD_MS - 2 * MINUTE_MS;
export const CHECKOUT_LINE_COUNT_MAX = 100;

/** What the buyer saw and wants. `seen` is the price of one piece on the page where the buyer clicked. */
export const Basket = z.strictObject({
  addressId: id("adr"),
  gateway: GatewayName,
  currency: Currency,
  codes: z.array(Code).max(CODE_COUNT_MAX),
  lines: z
    .array(z.strictObject({ skuId: id("sku"), pieces: Pieces, seen: Price }))
    .min(1)
    .max(CHECKOUT_LINE_COUNT_MAX),
});
export type Basket = z.infer<typeof Basket>;

/** claimed: being made; awaiting_payment: the buyer's turn; placed: orders exist; abandoned, refused: undone, with the reason. */
export const CheckoutState = z.enum(["claimed", "awaiting_payment", "placed", "abandoned", "refused"]);
export const CheckoutLine = z.object({
  lineId: id("lin"),
  skuId: id("sku"),
  listingId: id("lst"),
  sellerId: id("acc"),
  title: z.string(),
  pieces: Pieces,
  unitPrice: Price,
  discount: Price,
  total: Price,
});
export type CheckoutLine = z.infer<typeof CheckoutLine>;

export const CheckoutView = z.object({
  checkoutId: id("chk"),
  state: CheckoutState,
  /** Why it came to nothing, if it did. */
  refused: Refused.nullable(),
  total: Price.nullable(),
  address: Address.nullable(),
  lines: z.array(CheckoutLine),
  payment: Payment.nullable(),
  windowEndsAt: Instant.nullable(),
  orderIds: z.array(id("ord")),
});
export type CheckoutView = z.infer<typeof CheckoutView>;

export const CheckoutRefusals = refusals({
  PRICE_CHANGED: {
    status: 409,
    says: "Prices have changed since you looked.",
    data: z.object({ lines: z.array(z.object({ skuId: z.string(), seen: Price, now: Price })) }),
  },
  LINE_TWICE: { status: 422, says: "The same item stands on two lines." },
  OWN_LISTING: { status: 422, says: "You cannot buy from yourself." },
  CHECKOUT_CANCELLED: { status: 409, says: "This checkout was cancelled by the buyer." },
  CHECKOUT_STOPPED: {
    status: 409,
    says: "This checkout was stopped by the shop; whatever was paid goes back.",
  },
  PAYMENT_EXPIRED: { status: 409, says: "The time to pay is over." },
  CHECKOUT_UNKNOWN: { status: 404, says: "There is no such checkout." },
});

export const Checkout = workflow("Checkout", {
  /** Freezes, prices, holds, opens the payment, waits for it, and places one order a seller; or undoes all it did.
   *  Takes    what Order/checkout claimed
   *  Gives    nothing: whoever knows its key can read a workflow's result at the ingress
   *  Refuses  PRICE_CHANGED, LINE_TWICE, OWN_LISTING, CHECKOUT_CANCELLED, CHECKOUT_STOPPED, PAYMENT_EXPIRED, and what its steps refuse
   *  Source   README, the table of pairs */
  run: run(z.strictObject({ accountId: id("acc"), claimedAt: Instant, basket: Basket }), Done, {
    who: "module",
    refuses: [
      CheckoutRefusals.PRICE_CHANGED,
      CheckoutRefusals.LINE_TWICE,
      CheckoutRefusals.OWN_LISTING,
      CheckoutRefusals.CHECKOUT_CANCELLED,
      CheckoutRefusals.CHECKOUT_STOPPED,
      CheckoutRefusals.PAYMENT_EXPIRED,
    ],
  }),

  /** Waits until the buyer can pay, or the checkout is refused. */
  opened: op(Nothing, z.object({ refused: Refused.nullable() }), { who: "module" }),

  /** Says that the gateway was paid. Only wakes the run, which judges for itself.
   *  Repeats  nothing changes */
  paid: op(Nothing, Done, { who: "module" }),

  /** Says that the buyer has been at the gateway: asks the gateway now instead of waiting for its event.
   *  Gives    how the checkout stands; when the gateway was paid it waits up to 10 s for the orders
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's
   *  Repeats  asks again */
  look: op(Nothing, CheckoutView, {
    who: "account",
    refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN],
    http: "POST /checkouts/{checkoutId}/look",
  }),

  /** Asks to call the checkout off; a payment that came first wins.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  cancel: op(Nothing, Done, {
    who: "account",
    refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN],
    http: "POST /checkouts/{checkoutId}/cancel",
  }),

  /** How the checkout stands.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's */
  status: op(Nothing, CheckoutView, { who: "account", refuses: [CheckoutRefusals.CHECKOUT_UNKNOWN] }),
});
