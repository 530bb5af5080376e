import type Stripe from "stripe";

export const STATUSES = ["needs_response", "under_review", "won", "lost"] as const;
export type DisputeStatus = (typeof STATUSES)[number];

/** Stripe's own type, with references never expanded. */
export type Dispute = Readonly<
  Stripe.Dispute & { charge: string; payment_intent: string; status: DisputeStatus }
>;

export const isOpen = ({ status }: Dispute): boolean =>
  status === "needs_response" || status === "under_review";

export const REASONS = [
  "bank_cannot_process",
  "check_returned",
  "credit_not_processed",
  "customer_initiated",
  "debit_not_authorized",
  "duplicate",
  "fraudulent",
  "general",
  "incorrect_account_details",
  "insufficient_funds",
  "noncompliant",
  "product_not_received",
  "product_unacceptable",
  "subscription_canceled",
  "unrecognized",
] as const;

/** What a shop may say for itself. */
export const EVIDENCE = [
  "access_activity_log",
  "billing_address",
  "cancellation_policy",
  "cancellation_policy_disclosure",
  "cancellation_rebuttal",
  "customer_communication",
  "customer_email_address",
  "customer_name",
  "customer_purchase_ip",
  "customer_signature",
  "duplicate_charge_documentation",
  "duplicate_charge_explanation",
  "duplicate_charge_id",
  "product_description",
  "receipt",
  "refund_policy",
  "refund_policy_disclosure",
  "refund_refusal_explanation",
  "service_date",
  "service_documentation",
  "shipping_address",
  "shipping_carrier",
  "shipping_date",
  "shipping_documentation",
  "shipping_tracking_number",
  "uncategorized_file",
  "uncategorized_text",
] as const;

const DAY_SECONDS = 24 * 60 * 60;
// Card networks give a shop one to three weeks to answer.
const ANSWER_WITHIN_SECONDS = 7 * DAY_SECONDS;

type Facts = Pick<
  Dispute,
  "id" | "amount" | "balance_transactions" | "charge" | "created" | "currency" | "payment_intent" | "reason"
>;

export const disputeShape = (facts: Facts): Dispute => ({
  object: "dispute",
  enhanced_eligibility_types: [],
  evidence: noEvidence(),
  evidence_details: {
    due_by: facts.created + ANSWER_WITHIN_SECONDS,
    enhanced_eligibility: {},
    has_evidence: false,
    past_due: false,
    submission_count: 0,
    submission_method: "not_submitted",
  },
  intended_submission_method: null,
  is_charge_refundable: false,
  livemode: false,
  metadata: {},
  payment_method_details: {
    card: { brand: "visa", case_type: "chargeback", network: "visa", network_reason_code: "10.4" },
    type: "card",
  },
  status: "needs_response",
  ...facts,
});

const noEvidence = (): Stripe.Dispute.Evidence =>
  ({
    ...Object.fromEntries(EVIDENCE.map((name) => [name, null])),
    enhanced_evidence: {},
  }) as Stripe.Dispute.Evidence;
