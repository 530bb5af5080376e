import type Stripe from "stripe";
import { type Charge, newId, seconds } from "../money/shapes.ts";
import type { World } from "../world.ts";

/** One movement of the shop's balance at Stripe. */
export type Transaction = Readonly<Stripe.BalanceTransaction & { source: string }>;

// Stripe groups the types for reports under these names.
const CATEGORIES = {
  charge: "charge",
  refund: "refund",
  adjustment: "dispute",
  transfer: "transfer",
  transfer_refund: "transfer_reversal",
} as const;

type Movement = {
  type: keyof typeof CATEGORIES;
  /** Below zero for money that leaves. */
  amount: number;
  currency: string;
  /** The id of what moved it. */
  source: string;
  description?: string;
};

/** Writes one movement down. Money is available at once, and there are no fees. */
export const enter = (
  world: World,
  { type, amount, currency, source, description }: Movement,
): Transaction => {
  const created = seconds(world.now());
  const isReinstated = type === "adjustment" && amount > 0;
  const transaction: Transaction = {
    id: newId("txn"),
    object: "balance_transaction",
    amount,
    available_on: created,
    balance_type: "payments",
    created,
    currency,
    description: description ?? null,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: amount,
    reporting_category: isReinstated ? "dispute_reversal" : CATEGORIES[type],
    source,
    status: "available",
    type,
  };
  world.transactions.put(transaction);
  return transaction;
};

/** The charge whose money came in, with the movement that says so. */
export const takenIn = (world: World, charge: Charge, amount: number): Charge => {
  const { currency, id: source, description } = charge;
  const words = description === null ? {} : { description };
  return {
    ...charge,
    amount_captured: amount,
    captured: true,
    balance_transaction: enter(world, { type: "charge", amount, currency, source, ...words }).id,
  };
};
