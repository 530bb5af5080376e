/** The port to a payment gateway: five verbs, and the gateway's word is the only proof of a payment. */
import type { ChargeOrder, GatewayName } from "@shopnexus/contracts/order/payment";
import type { Money } from "@shopnexus/contracts/kit/money";

/** What a gateway says of one payment. `paid` is what it received, in its own words. */
export type GatewayReport = {
  readonly ref: string;
  /** The charge that the payment names, if it names one. */
  readonly chargeId: string | undefined;
  readonly paid: Money | undefined;
  /** A short remark for the timeline, e.g. why a card was declined. */
  readonly remark: string | undefined;
};

export type GatewayEvent = {
  readonly eventId: string;
  readonly kind: string;
  readonly report: GatewayReport | undefined;
};

export type Gateway = {
  /** Opens a payment; a repeat with the same chargeId finds the first. Undefined for an amount that it does not take. */
  open(order: ChargeOrder): Promise<{ ref: string; clientSecret: string } | undefined>;
  report(ref: string): Promise<GatewayReport>;
  /** Cancels a payment, or reports that it was paid before. */
  cancel(ref: string): Promise<GatewayReport>;
  /**
   * Gives money back; a repeat with the same key does nothing, also when the gateway has forgotten the key. `disputed`:
   * it gives nothing back, because the payer's bank asks for the money itself.
   */
  refund(ref: string, amount: Money, key: string): Promise<"done" | "disputed">;
  /** Reads an event whose signature is the gateway's and fresh; undefined for any other. */
  event(payload: string, signature: string): GatewayEvent | undefined;
};

export type { GatewayName };
