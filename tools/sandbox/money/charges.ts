import type Stripe from "stripe";
import { type Charge, type Intent, newId } from "./shapes.ts";
import type { Method } from "./methods.ts";

/** One attempt to take the money of an intent: refused, or held until it is taken in. */
export const chargeShape = (intent: Intent, method: Method, created: number): Charge => ({
  id: newId("ch"),
  object: "charge",
  amount: intent.amount,
  amount_captured: 0,
  amount_refunded: 0,
  application: null,
  application_fee: null,
  application_fee_amount: null,
  balance_transaction: null,
  billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
  calculated_statement_descriptor: "SANDBOX",
  captured: false,
  created,
  currency: intent.currency,
  customer: intent.customer,
  description: intent.description,
  disputed: false,
  failure_balance_transaction: null,
  failure_code: method.decline?.code ?? null,
  failure_message: method.decline?.message ?? null,
  fraud_details: {},
  livemode: false,
  metadata: intent.metadata,
  on_behalf_of: null,
  outcome: outcomeOf(method),
  paid: method.decline === null,
  payment_intent: intent.id,
  payment_method: method.id,
  payment_method_details: { card: cardOf(method), type: "card" },
  receipt_email: intent.receipt_email,
  receipt_number: null,
  receipt_url: null,
  refunded: false,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  status: method.decline === null ? "succeeded" : "failed",
  transfer_data: null,
  transfer_group: intent.transfer_group,
});

const outcomeOf = ({ decline }: Method): Stripe.Charge.Outcome => ({
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: decline === null ? "approved_by_network" : "declined_by_network",
  reason: decline?.declineCode ?? null,
  risk_level: "normal",
  risk_score: 1,
  seller_message: decline === null ? "Payment complete." : "The bank declined the payment.",
  type: decline === null ? "authorized" : "issuer_declined",
});

// The emulator knows a brand and four digits; the rest of a real card's facts stays out rather than invented.
const cardOf = (method: Method): Stripe.Charge.PaymentMethodDetails.Card =>
  ({
    brand: method.brand,
    country: "US",
    exp_month: 12,
    exp_year: 2034,
    funding: "credit",
    last4: method.last4,
    network: method.brand,
    three_d_secure: null,
    wallet: null,
  }) as Stripe.Charge.PaymentMethodDetails.Card;
