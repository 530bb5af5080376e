/** The port to a payment gateway, whose word is the only proof of a payment. */
import type { Money } from "@shopnexus/contracts/kit/money";
import type { ChargeOrder } from "@shopnexus/contracts/order/payment";

/** What a gateway says of one payment, in its own words. */
export type GatewayReport = {
  readonly ref: string;
  /** The charge that the payment names, if it names one. */
  readonly chargeId: string | undefined;
  /** What it received. */
  readonly paid: Money | undefined;
  /** What it may take, and has not taken. */
  readonly authorized: Money | undefined;
  /** A short remark for the timeline, e.g. why a card was declined. */
  readonly remark: string | undefined;
  /** Declined for good, expired or called off: nobody can pay it any more. */
  readonly isDead: boolean;
  /** The payer's bank wants to see the payer first. */
  readonly needsAction: boolean;
};

/** What the payer's bank wants back, or has decided. */
export type GatewayDispute = {
  /** The gateway's own name for the bank's wish. */
  readonly disputeRef: string;
  /** The payment that it is about. */
  readonly ref: string;
  readonly amount: Money;
  readonly status: "open" | "won" | "lost";
  readonly reason: string;
  readonly at: Date;
};

export type GatewayEvent = {
  readonly eventId: string;
  readonly kind: string;
  readonly report: GatewayReport | undefined;
  /** The amount that it is about, where it says so whatever happened: compared with ours before it is believed. */
  readonly amount?: Money;
  readonly dispute?: GatewayDispute;
  /** The payout that a transfer names. */
  readonly payoutId?: string;
};

/** An order to open, with times of its own: the same in every repeat. */
export type Opening = ChargeOrder & { readonly openedAt: Date; readonly endsAt: Date };

/** What the buyer needs to pay: a secret for the gateway's browser library, or the address of its page. */
export type Payable = {
  readonly ref: string;
  readonly clientSecret: string | null;
  readonly redirectUrl: string | null;
};

/** One object of the gateway's own list. */
export type GatewayObject =
  | {
      readonly kind: "payment";
      readonly ref: string;
      readonly chargeId: string | undefined;
      /** What it received; zero where nobody paid. */
      readonly amount: Money;
      readonly at: Date;
    }
  | {
      readonly kind: "refund";
      readonly ref: string;
      /** The payment that it gives back. */
      readonly paymentRef: string;
      /** Ours, if we made it. */
      readonly key: string | undefined;
      readonly amount: Money;
      readonly at: Date;
    }
  | ({ readonly kind: "dispute" } & GatewayDispute);

export type Gateway = {
  /** Opens a payment; a repeat with the same chargeId finds the first. Undefined for an amount that it does not take. */
  open(opening: Opening): Promise<Payable | undefined>;
  report(ref: string): Promise<GatewayReport>;
  /** Takes what was authorized, or a part of it; the rest is let go. Reports how the payment stands then. */
  capture(ref: string, amount: Money, key: string): Promise<GatewayReport>;
  /** Cancels a payment, or reports that it was paid before. */
  cancel(ref: string): Promise<GatewayReport>;
  /**
   * Gives money back; a repeat with the same key does nothing, also when the gateway has forgotten the key. `disputed`:
   * it gives nothing back, because the payer's bank asks for the money itself.
   */
  refund(ref: string, amount: Money, key: string): Promise<"done" | "disputed">;
  /** How a bank's wish stands; undefined where the gateway knows none by that name. */
  dispute(disputeRef: string): Promise<GatewayDispute | undefined>;
  /** Reads an event whose signature is the gateway's; undefined for any other. */
  event(payload: string, signature: string): GatewayEvent | undefined;
  /** All that the gateway holds of ours since then; undefined where it keeps no lists. */
  list(since: Date): AsyncIterable<GatewayObject> | undefined;
};
