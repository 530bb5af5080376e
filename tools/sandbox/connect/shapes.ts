import type Stripe from "stripe";

/** Stripe's own types, with references never expanded. */
export type Account = Readonly<Stripe.Account & { created: number }>;
export type Transfer = Readonly<Stripe.Transfer & { destination: string; balance_transaction: string }>;
export type Reversal = Readonly<Stripe.TransferReversal & { transfer: string }>;

type AccountFacts = Pick<Account, "id" | "created"> & Partial<Account>;

/** An account that may be paid at once: nobody is asked who they are. */
export const accountShape = (facts: AccountFacts): Account => ({
  object: "account",
  business_profile: null,
  business_type: null,
  capabilities: { transfers: "active" },
  charges_enabled: true,
  country: "US",
  default_currency: "usd",
  details_submitted: true,
  email: null,
  metadata: {},
  payouts_enabled: true,
  settings: null,
  type: "express",
  ...facts,
});

/** Nobody can send an account anything after this. */
export const closed = (account: Account): Account => ({
  ...account,
  capabilities: { transfers: "inactive" },
  charges_enabled: false,
  payouts_enabled: false,
});

export const reopened = (account: Account): Account => ({
  ...account,
  capabilities: { transfers: "active" },
  charges_enabled: true,
  payouts_enabled: true,
});

export const isClosed = ({ capabilities }: Account): boolean => capabilities?.transfers !== "active";

type TransferFacts = Pick<
  Transfer,
  "id" | "amount" | "balance_transaction" | "created" | "currency" | "destination" | "metadata"
> &
  Partial<Transfer>;

export const transferShape = (facts: TransferFacts): Transfer => ({
  object: "transfer",
  amount_reversed: 0,
  description: null,
  destination_payment: facts.id.replace(/^tr_/, "py_"),
  livemode: false,
  reversals: { object: "list", data: [], has_more: false, url: `/v1/transfers/${facts.id}/reversals` },
  reversed: false,
  source_transaction: null,
  source_type: "card",
  transfer_group: null,
  ...facts,
});
