/** Words of payments: gateways, charges and their states, what was paid by which means, what lists do not agree on. */
import { z } from "zod";
import { id } from "../_kit/id.ts";
import { Currency, Price } from "../_kit/money.ts";
import { Instant } from "../_kit/time.ts";

/** `wallet`: all of it comes from the buyer's own money with us. */
export const GatewayName = z.enum(["stripe", "vnpay", "wallet"]);
export type GatewayName = z.infer<typeof GatewayName>;

/** The events that Stripe has to send to `/webhooks/stripe`; any other is kept and comes to nothing. */
export const STRIPE_EVENTS = [
  "payment_intent.succeeded",
  "payment_intent.payment_failed",
  "payment_intent.amount_capturable_updated",
  "payment_intent.canceled",
  "charge.dispute.created",
  "charge.dispute.closed",
  "charge.dispute.funds_withdrawn",
  "charge.dispute.funds_reinstated",
  "transfer.reversed",
] as const;

/**
 * opening: asked for; open: the buyer may pay; authorized: the gateway may take the money; paid: it has; settled: ours
 * agrees, the money is an order's; voiding, voided: nothing is owed, and what came in was given back.
 */
export const ChargeState = z.enum(["opening", "open", "authorized", "paid", "settled", "voiding", "voided"]);

/** What the buyer needs to pay. */
export const Payment = z.object({
  chargeId: id("chg"),
  gateway: GatewayName,
  amount: Price,
  state: ChargeState,
  /** Which attempt to pay of its checkout it is, from 0. */
  attempt: z.int(),
  /** For the gateway's own browser library; null before it is open and once it is over. */
  clientSecret: z.string().nullable(),
  /** Where to send the buyer, at a gateway with a page of its own; null before it is open and once it is over. */
  redirectUrl: z.string().nullable(),
});

/** All that is known of a charge before it is opened, so that its undo needs nothing else. */
export const ChargeOrder = z.strictObject({
  chargeId: id("chg"),
  checkoutId: id("chk"),
  gateway: GatewayName,
  amount: Price,
  /** Absent: 0. */
  attempt: z.int().min(0).max(99).optional(),
});
export type ChargeOrder = z.infer<typeof ChargeOrder>;

/** How a placed checkout was paid. Money goes back the same ways, never more than came in by each. */
export const Tender = z.object({
  checkoutId: id("chk"),
  /** Null where all came from the wallet, or nothing was to be paid. */
  chargeId: id("chg").nullable(),
  gateway: z.string().nullable(),
  gatewayRef: z.string().nullable(),
  accountId: id("acc"),
  currency: Currency,
  gatewayMinor: z.int(),
  walletMinor: z.int(),
  gatewayReturnedMinor: z.int(),
  walletReturnedMinor: z.int(),
  /** What the buyer's bank has taken back and not given back. */
  chargedBackMinor: z.int(),
});
export type Tender = z.infer<typeof Tender>;

/** `left_to_bank`: the gateway part was not given back, because the buyer's bank asks for it itself. */
export const GivenBack = z.object({
  accountId: id("acc"),
  currency: Currency,
  gateway: z.string().nullable(),
  gatewayMinor: z.int(),
  walletMinor: z.int(),
  state: z.enum(["paid", "left_to_bank"]),
});
export type GivenBack = z.infer<typeof GivenBack>;

/**
 * stranger: the gateway has money that is for none of our charges; amount_differs: both have it, otherwise;
 * charge_missing: we settled what the gateway was not paid; refund_stranger: nobody here gave it back; refund_differs:
 * more or less than we said; refund_missing: ours says that it went back; dispute_unheard: a bank asks for a stranger's.
 */
export const FindingKind = z.enum([
  "stranger",
  "amount_differs",
  "charge_missing",
  "refund_stranger",
  "refund_differs",
  "refund_missing",
  "dispute_unheard",
]);
export const Finding = z.object({
  findingKey: z.string(),
  gateway: GatewayName,
  kind: FindingKind,
  gatewayRef: z.string(),
  chargeId: id("chg").nullable(),
  amount: z.object({ minor: z.int(), currency: Currency }).nullable(),
  says: z.string(),
  foundAt: Instant,
  /** When a later run no longer found it. */
  endedAt: Instant.nullable(),
});
