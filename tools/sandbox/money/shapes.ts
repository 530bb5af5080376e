import { randomUUID } from "node:crypto";
import type Stripe from "stripe";

export type Status =
  | "requires_payment_method"
  | "requires_confirmation"
  | "requires_action"
  | "processing"
  | "requires_capture"
  | "succeeded"
  | "canceled";

/** Stripe's own types, with references never expanded: the compiler checks that no field of the API is missing. */
export type Intent = Readonly<
  Stripe.PaymentIntent & {
    status: Status;
    client_secret: string;
    latest_charge: string | null;
    payment_method: string | null;
  }
>;
export type Charge = Readonly<Stripe.Charge & { payment_intent: string }>;
export type Refund = Readonly<Stripe.Refund & { charge: string; payment_intent: string }>;

/** An id as Stripe shapes them: a prefix that says the kind, then noise. */
export const newId = (prefix: string): string => `${prefix}_${randomUUID().replaceAll("-", "").slice(0, 24)}`;

export const seconds = (ms: number): number => Math.floor(ms / 1_000);

type IntentFacts = Pick<
  Intent,
  "id" | "amount" | "currency" | "created" | "capture_method" | "metadata" | "payment_method"
> &
  Partial<Intent>;

/** A new PaymentIntent with every field of the API, and the facts given. */
export const intentShape = (facts: IntentFacts): Intent => ({
  object: "payment_intent",
  allowed_payment_method_types: null,
  amount_capturable: 0,
  amount_details: { tip: {} },
  amount_received: 0,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: null,
  canceled_at: null,
  cancellation_reason: null,
  client_secret: `${facts.id}_${newId("secret")}`,
  confirmation_method: "automatic",
  customer: null,
  customer_account: null,
  description: null,
  excluded_payment_method_types: null,
  last_payment_error: null,
  latest_charge: null,
  livemode: false,
  managed_payments: null,
  next_action: null,
  on_behalf_of: null,
  payment_method_configuration_details: null,
  payment_method_options: {
    card: { installments: null, mandate_options: null, network: null, request_three_d_secure: "automatic" },
  },
  payment_method_types: ["card"],
  payment_record: null,
  processing: null,
  receipt_email: null,
  review: null,
  setup_future_usage: null,
  shipping: null,
  source: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: facts.payment_method === null ? "requires_payment_method" : "requires_confirmation",
  transfer_data: null,
  transfer_group: null,
  ...facts,
});

type RefundFacts = Pick<
  Refund,
  "id" | "amount" | "balance_transaction" | "charge" | "created" | "currency" | "metadata" | "payment_intent"
> &
  Partial<Refund>;

export const refundShape = (facts: RefundFacts): Refund => ({
  object: "refund",
  customer: null,
  customer_account: null,
  destination_details: {
    card: { reference_status: "pending", reference_type: "acquirer_reference_number", type: "refund" },
    type: "card",
  },
  payment_method: null,
  reason: null,
  receipt_number: null,
  source_transfer_reversal: null,
  status: "succeeded",
  transfer_reversal: null,
  ...facts,
});
