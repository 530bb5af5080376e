import { unknownObject } from "../wire/errors.ts";

export type Decline = { code: string; declineCode: string; message: string };

/** What a test payment method does when it is confirmed. */
export type Method = {
  id: string;
  brand: "visa" | "mastercard";
  last4: string;
  /** Asks the payer first: requires_action. */
  isChallenged: boolean;
  /** Answers later: processing. */
  isSlow: boolean;
  decline: Decline | null;
};

export const GENERIC: Decline = {
  code: "card_declined",
  declineCode: "generic_decline",
  message: "Your card was declined.",
};
/** What a bank says that wants to see the payer, who is not there. */
export const UNAUTHENTICATED: Decline = {
  code: "authentication_required",
  declineCode: "authentication_required",
  message: "Your card was declined. This transaction requires authentication.",
};
const INSUFFICIENT: Decline = {
  code: "card_declined",
  declineCode: "insufficient_funds",
  message: "Your card has insufficient funds.",
};
const EXPIRED: Decline = {
  code: "expired_card",
  declineCode: "expired_card",
  message: "Your card has expired.",
};

const visa = (id: string, last4: string, traits: Partial<Method> = {}): [string, Method] => [
  id,
  { id, brand: "visa", last4, isChallenged: false, isSlow: false, decline: null, ...traits },
];

const METHODS = new Map<string, Method>([
  visa("pm_card_visa", "4242"),
  visa("pm_card_mastercard", "4444", { brand: "mastercard" }),
  visa("pm_card_chargeDeclined", "0002", { decline: GENERIC }),
  visa("pm_card_visa_chargeDeclined", "0002", { decline: GENERIC }),
  visa("pm_card_chargeDeclinedInsufficientFunds", "9995", { decline: INSUFFICIENT }),
  visa("pm_card_visa_chargeDeclinedInsufficientFunds", "9995", { decline: INSUFFICIENT }),
  visa("pm_card_chargeDeclinedExpiredCard", "0069", { decline: EXPIRED }),
  visa("pm_card_visa_chargeDeclinedExpiredCard", "0069", { decline: EXPIRED }),
  visa("pm_card_authenticationRequired", "3184", { isChallenged: true }),
  visa("pm_card_threeDSecure2Required", "3220", { isChallenged: true }),
  visa("pm_card_authenticationRequiredChargeDeclinedInsufficientFunds", "8341", {
    isChallenged: true,
    decline: INSUFFICIENT,
  }),
  // Not Stripe's: a card that stays in processing until the sandbox is told how it ended.
  visa("pm_sandbox_processing", "0259", { isSlow: true }),
]);

export const methodNames = (): string[] => [...METHODS.keys()];

export const methodOf = (id: string): Method => {
  const method = METHODS.get(id);
  if (method === undefined)
    throw unknownObject("PaymentMethod", id, { param: "payment_method", status: 400 });
  return method;
};

/** The PaymentMethod object that Stripe puts into an error. */
export const methodObject = (method: Method, created: number): object => ({
  id: method.id,
  object: "payment_method",
  billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
  card: {
    brand: method.brand,
    country: "US",
    exp_month: 12,
    exp_year: 2034,
    funding: "credit",
    last4: method.last4,
  },
  created,
  customer: null,
  livemode: false,
  metadata: {},
  type: "card",
});
