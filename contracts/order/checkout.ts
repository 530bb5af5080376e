/** One attempt to buy, from basket to orders: the workflow that may be killed anywhere. */
import { z } from "zod";
import { Address } from "../account/address-book.ts";
import { op, run, workflow } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { refusals, Refused } from "../_kit/refusal.ts";
import { Instant, MINUTE_MS } from "../_kit/time.ts";
import { Done, Nothing } from "../_kit/word.ts";
import { HOLD_MS } from "../inventory/stock.ts";
import { Basket, CheckoutGroup, PricedLine } from "./basket.ts";
import { LineReason, LineState } from "./line.ts";
import { Payment } from "./payment.ts";

/** Ends before the stock hold does: what is paid in the last second still has two minutes to be committed. */
export const PAYMENT_WINDOW_MS = HOLD_MS - 2 * MINUTE_MS;
/** A buyer whose tenth attempt to pay came to nothing begins anew. */
export const PAY_ATTEMPT_COUNT_MAX = 10;

/** claimed: being made; awaiting_payment: the buyer's turn; placed: orders exist; abandoned, refused: undone, with the reason. */
export const CheckoutState = z.enum(["claimed", "awaiting_payment", "placed", "abandoned", "refused"]);
export const CheckoutLine = z.object({
  ...PricedLine.shape,
  state: LineState,
  /** Why it is where it is, where that needs saying. */
  reason: LineReason.nullable(),
  /** The buyer waits, or waited, for stock. */
  isBackordered: z.boolean(),
});
export type CheckoutLine = z.infer<typeof CheckoutLine>;

export const CheckoutView = z.object({
  checkoutId: id("chk"),
  state: CheckoutState,
  /** Why it came to nothing, if it did. */
  refused: Refused.nullable(),
  /** Goods and shipping. */
  total: Price.nullable(),
  /** What of it is taken from the buyer's wallet. */
  wallet: Price.nullable(),
  address: Address.nullable(),
  lines: z.array(CheckoutLine),
  /** One a seller. */
  groups: z.array(CheckoutGroup),
  /** The newest attempt to pay. */
  payment: Payment.nullable(),
  windowEndsAt: Instant.nullable(),
  orderIds: z.array(id("ord")),
});
export type CheckoutView = z.infer<typeof CheckoutView>;

const Changed = { seen: Price, now: Price };
export const CheckoutRefusals = refusals({
  PRICE_CHANGED: {
    status: 409,
    says: "Prices have changed since you looked.",
    data: z.object({
      lines: z.array(z.object({ skuId: z.string(), ...Changed })),
      shipping: z.array(z.object({ sellerId: z.string(), ...Changed })).optional(),
      total: z.object(Changed).optional(),
    }),
  },
  SHIPPING_UNAVAILABLE: {
    status: 409,
    says: "Nobody carries some of these items to your address, or not in the way you chose.",
    data: z.object({ sellerIds: z.array(z.string()) }),
  },
  LINE_TWICE: { status: 422, says: "The same item stands on two lines." },
  OWN_LISTING: { status: 422, says: "You cannot buy from yourself." },
  CHECKOUT_CANCELLED: { status: 409, says: "This checkout was cancelled by the buyer." },
  CHECKOUT_STOPPED: {
    status: 409,
    says: "This checkout was stopped by the shop; whatever was paid goes back.",
  },
  PAYMENT_EXPIRED: { status: 409, says: "The time to pay is over." },
  ATTEMPTS_SPENT: { status: 409, says: "Ten attempts to pay came to nothing: begin anew." },
  GATEWAY_UNFIT: { status: 422, says: "This way to pay does not fit this checkout." },
  CHECKOUT_UNKNOWN: { status: 404, says: "There is no such checkout." },
});
const { CHECKOUT_UNKNOWN, ATTEMPTS_SPENT } = CheckoutRefusals;
const ChargeRef = z.strictObject({ chargeId: id("chg") });

export const Checkout = workflow("Checkout", {
  /** Freezes, prices, holds, opens the payment, waits for it, and places one order a seller; or undoes all it did.
   *  Takes    what Order/checkout claimed
   *  Gives    nothing: whoever knows its key can read a workflow's result at the ingress
   *  Refuses  PRICE_CHANGED, SHIPPING_UNAVAILABLE, LINE_TWICE, OWN_LISTING, CHECKOUT_CANCELLED, CHECKOUT_STOPPED,
   *           PAYMENT_EXPIRED, ATTEMPTS_SPENT, and what its steps refuse
   *  Source   README, the table of pairs */
  run: run(z.strictObject({ accountId: id("acc"), claimedAt: Instant, basket: Basket }), Done, {
    who: "module",
    refuses: [
      CheckoutRefusals.PRICE_CHANGED,
      CheckoutRefusals.SHIPPING_UNAVAILABLE,
      CheckoutRefusals.LINE_TWICE,
      CheckoutRefusals.OWN_LISTING,
      CheckoutRefusals.CHECKOUT_CANCELLED,
      CheckoutRefusals.CHECKOUT_STOPPED,
      CheckoutRefusals.PAYMENT_EXPIRED,
      ATTEMPTS_SPENT,
    ],
  }),

  /** Waits until the buyer can pay, or the checkout is refused. */
  opened: op(Nothing, z.object({ refused: Refused.nullable() }), { who: "module" }),

  /** Says that the gateway was paid by this attempt. Only wakes the run, which judges for itself.
   *  Repeats  nothing changes, also for an attempt that was replaced */
  paid: op(ChargeRef, Done, { who: "module" }),

  /** Says that this attempt can come to nothing any more: the run opens the next one.
   *  Repeats  nothing changes, also for an attempt that was replaced */
  declined: op(ChargeRef, Done, { who: "module" }),

  /** Replaces the attempt to pay by another, at this gateway; the stock stays set aside. A payment that came first wins.
   *  Takes    chargeId: the attempt to be replaced; the newest one where absent
   *  Gives    how the checkout stands then, also where there was nothing to replace
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's, ATTEMPTS_SPENT, GATEWAY_UNFIT
   *  Repeats  same chargeId: nothing changes */
  retry: op(
    z.strictObject({ gateway: z.enum(["stripe", "vnpay"]), chargeId: id("chg").optional() }),
    CheckoutView,
    {
      who: "account",
      refuses: [CHECKOUT_UNKNOWN, ATTEMPTS_SPENT, CheckoutRefusals.GATEWAY_UNFIT],
      http: "POST /checkouts/{checkoutId}/retry",
    },
  ),

  /** Says that the buyer has been at the gateway: asks the gateway now instead of waiting for its event.
   *  Gives    how the checkout stands; when the gateway was paid it waits up to 10 s for the orders
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's
   *  Repeats  asks again */
  look: op(Nothing, CheckoutView, {
    who: "account",
    refuses: [CHECKOUT_UNKNOWN],
    http: "POST /checkouts/{checkoutId}/look",
  }),

  /** Asks to call the checkout off; a payment that came first wins.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's
   *  Repeats  nothing changes */
  cancel: op(Nothing, Done, {
    who: "account",
    refuses: [CHECKOUT_UNKNOWN],
    http: "POST /checkouts/{checkoutId}/cancel",
  }),

  /** How the checkout stands.
   *  Refuses  CHECKOUT_UNKNOWN, also for somebody else's */
  status: op(Nothing, CheckoutView, { who: "account", refuses: [CHECKOUT_UNKNOWN] }),
});
