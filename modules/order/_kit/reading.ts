/** What people are told of an order: values in, words out. Where its money is, what it brings, what it waits for. */
import { instant } from "@shopnexus/contracts/kit/time";
import type { OrderLine, OrderMoney, Proceeds, Waiting } from "@shopnexus/contracts/order/purchase";
import type { NextAction } from "@shopnexus/contracts/order/line";
import type { z } from "zod";
import { carry, escrowOut, type Move, type Purse, release, sellerMinor } from "./money.ts";
import { isOver } from "./states.ts";
import type { LineRow, OrderRow } from "../order/rows.ts";
import type { TimelineFact } from "../order/rules.ts";
import { isPayable } from "./fates.ts";

export const toInstant = (at: Date | null): string | null => (at === null ? null : instant(at.getTime()));

const total = <T>(items: readonly T[], amountOf: (item: T) => number): number =>
  items.reduce((sum, item) => sum + amountOf(item), 0);

/** All four together are what was paid. */
export const moneyOf = (purses: readonly Purse[], currency: string): z.infer<typeof OrderMoney> => {
  const price = (amountOf: (purse: Purse) => number) => ({ minor: total(purses, amountOf), currency });
  return {
    escrow: price(({ escrowMinor }) => escrowMinor),
    carried: price(({ carriedMinor, uncarriedMinor }) => carriedMinor - uncarriedMinor),
    released: price(({ releasedMinor, clawedMinor }) => releasedMinor - clawedMinor),
    returned: price(({ returnedMinor }) => returnedMinor),
  };
};

/** What one movement brought, in the order's currency; below zero where it was given back. */
export type Gain = {
  readonly sellerMinor: number;
  readonly commissionMinor: number;
  readonly subsidyMinor: number;
  readonly carriageMinor: number;
};
type Rated = Pick<OrderRow, "currency" | "sellerCurrency" | "sellerRate">;

/** Each movement was changed into the seller's currency on its own, so it is here too. What is to come is one movement. */
export const proceedsOf = (
  order: Rated,
  lines: readonly LineRow[],
  gains: readonly Gain[],
): z.infer<typeof Proceeds> => {
  const own = (minor: number): number => sellerMinor(minor, order);
  const toCome = lines.filter((line) => !isOver(line.state) || isPayable(line)).map(releaseToCome);
  const { currency, sellerCurrency } = order;
  const commission =
    total(gains, (gain) => gain.commissionMinor) + total(toCome, (move) => move.commissionMinor);
  const subsidy = total(gains, (gain) => gain.subsidyMinor) + total(toCome, (move) => move.subsidizedMinor);
  const carriage = total(gains, (gain) => gain.carriageMinor) + total(toCome, (move) => move.borneMinor);
  const expected = total(toCome, toSellerOf);
  return {
    commission: { minor: commission, currency },
    subsidy: { minor: subsidy, currency },
    carriage: { minor: carriage, currency },
    received: { minor: total(gains, (gain) => own(gain.sellerMinor)), currency: sellerCurrency },
    expected: { minor: own(expected), currency: sellerCurrency },
  };
};

const toSellerOf = (move: Move): number =>
  move.releasedMinor + move.subsidizedMinor - move.commissionMinor - move.borneMinor;

/** What is left in escrow once carriage is paid for. */
const releaseToCome = (line: LineRow): Move => {
  const carried = carry(line);
  return release({
    ...line,
    escrowMinor: line.escrowMinor - escrowOut(carried),
    carriedMinor: line.carriedMinor + carried.carriedMinor,
  });
};

const NEXT: Readonly<Record<NextAction, string>> = {
  undo_checkout:
    "Unless it is paid by then, the checkout is called off and everything set aside is given back.",
  cancel_and_refund: "Unless somebody takes care of them by then, these items are cancelled and paid back.",
  book_carrier: "The carrier is asked again to take the parcel.",
  escalate_handover: "Unless the carrier has fetched the parcel by then, operators are told.",
  escalate_transit: "Unless the parcel is there by then, operators are told.",
  count_as_lost: "Unless the parcel is there by then, it counts as lost and is paid back.",
  pay_seller: "Unless money is asked back by then, the seller is paid.",
  resolve_claim: "Money is asked back: whoever is silent by then has decided against themselves.",
  nothing: "",
};

/** Lines that wait for the same at the same time are told together; what is due first stands first. */
export const waitingOf = (lines: readonly Pick<OrderLine, "lineId" | "next">[]): Waiting[] =>
  [...Map.groupBy(lines, ({ next }) => `${next.at ?? "~"} ${next.action}`)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, own]) => {
      const { action, at } = own[0]?.next ?? { action: "nothing" as const, at: null };
      if (action === "nothing") return [];
      return [{ lineIds: own.map(({ lineId }) => lineId), code: action, says: NEXT[action], at }];
    });

/** What a seller may know of a checkout in which others may have sold, too: how the one payment for all of them came out. */
export const TOLD_TO_SELLERS: readonly TimelineFact[] = [
  "payment_settled",
  "payment_returned",
  "orders_placed",
  "chargeback_opened",
  "chargeback_won",
  "chargeback_lost",
];
