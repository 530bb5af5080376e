/** Where the money of a line may go: values in, movements out. Every minor unit that was paid is in one place. */
import { convert, money, share, split } from "@shopnexus/contracts/kit/money";

/** The money of one line, in the checkout's currency. */
export type Purse = {
  readonly totalMinor: number;
  readonly shippingMinor: number;
  readonly commissionMinor: number;
  readonly paidMinor: number;
  readonly escrowMinor: number;
  readonly carriedMinor: number;
  readonly releasedMinor: number;
  readonly returnedMinor: number;
  readonly clawedMinor: number;
  readonly uncarriedMinor: number;
};

/** What one movement changes, and the platform's share in it (taken by a release, given back by a return). */
export type Move = {
  readonly carriedMinor: number;
  readonly releasedMinor: number;
  readonly returnedMinor: number;
  readonly clawedMinor: number;
  readonly uncarriedMinor: number;
  readonly commissionMinor: number;
};

const STILL: Move = {
  carriedMinor: 0,
  releasedMinor: 0,
  returnedMinor: 0,
  clawedMinor: 0,
  uncarriedMinor: 0,
  commissionMinor: 0,
};

/** The escrow that a movement takes out (below zero: puts back). */
export const escrowOut = (move: Move): number =>
  move.carriedMinor + move.releasedMinor + (move.returnedMinor - move.clawedMinor - move.uncarriedMinor);

/** The parcel is booked: what the buyer paid for carriage is spent, as far as it is still there. */
export const carry = (purse: Purse): Move => ({
  ...STILL,
  carriedMinor: Math.min(purse.escrowMinor, purse.shippingMinor - purse.carriedMinor),
});

/** The commission on a part of the goods, so that all parts together give the whole to the minor unit. */
const commissionUpTo = (purse: Purse, minor: number): number =>
  purse.totalMinor === 0
    ? 0
    : Number((BigInt(purse.commissionMinor) * BigInt(minor)) / BigInt(purse.totalMinor));

/** The escrow window is over: all that is left in escrow is the seller's, less commission. */
export const release = (purse: Purse): Move => {
  const releasedMinor = Math.min(purse.escrowMinor, purse.totalMinor - purse.releasedMinor);
  const commissionMinor =
    commissionUpTo(purse, purse.releasedMinor + releasedMinor) - commissionUpTo(purse, purse.releasedMinor);
  return { ...STILL, releasedMinor, commissionMinor };
};

/** What the buyer was promised of a part of the goods: in proportion, so that what went back before brings nothing. */
export const cashbackFor = (
  { cashbackMinor, totalMinor }: Pick<Purse, "totalMinor"> & { readonly cashbackMinor: number },
  releasedMinor: number,
): number =>
  totalMinor === 0 ? 0 : Number((BigInt(cashbackMinor) * BigInt(releasedMinor)) / BigInt(totalMinor));

/** The most that may still go back to the buyer for a line: goods, and carriage that was not spent. */
export const returnable = (purse: Purse): number =>
  purse.escrowMinor + purse.releasedMinor - purse.clawedMinor;

/** Money back: out of escrow first, then from the seller, and from what was spent on carriage only where that is asked for. */
export const giveBack = (purse: Purse, minor: number, withCarriage = false): Move => {
  const fromEscrow = Math.min(minor, purse.escrowMinor);
  const clawedMinor = Math.min(minor - fromEscrow, purse.releasedMinor - purse.clawedMinor);
  const left = minor - fromEscrow - clawedMinor;
  const uncarriedMinor = withCarriage ? Math.min(left, purse.carriedMinor - purse.uncarriedMinor) : 0;
  const returnedMinor = fromEscrow + clawedMinor + uncarriedMinor;
  const commissionMinor =
    commissionUpTo(purse, purse.clawedMinor + clawedMinor) - commissionUpTo(purse, purse.clawedMinor);
  return { ...STILL, returnedMinor, clawedMinor, uncarriedMinor, commissionMinor };
};

/** A movement taken back: the bank has decided for us. */
export const reverse = (move: Move): Move => ({
  carriedMinor: -move.carriedMinor,
  releasedMinor: -move.releasedMinor,
  returnedMinor: -move.returnedMinor,
  clawedMinor: -move.clawedMinor,
  uncarriedMinor: -move.uncarriedMinor,
  commissionMinor: -move.commissionMinor,
});

/** Shares an amount out over lines by what each could give, none more than it can. */
export const shareOut = (minor: number, capacities: readonly number[]): number[] => {
  const whole = capacities.reduce((sum, capacity) => sum + capacity, 0);
  const wanted = Math.min(minor, whole);
  if (wanted === 0) return capacities.map(() => 0);
  return split(money(wanted, "XXX"), [...capacities]).map((part) => part.minor);
};

/** The currency of an order, and by which frozen rate its seller is paid. */
export type Rated = {
  readonly currency: string;
  readonly sellerCurrency: string;
  readonly sellerRate: string;
};

/** A seller's amount in the seller's own currency, by the rate frozen at checkout. */
export const sellerMinor = (minor: number, { currency, sellerCurrency, sellerRate }: Rated): number =>
  currency === sellerCurrency ? minor : convert(money(minor, currency), sellerRate, sellerCurrency).minor;

/** How much of a refund goes back at the gateway and how much to the wallet: in proportion, exact over many refunds. */
export const splitTender = (
  tender: { gatewayMinor: number; walletMinor: number },
  returnedMinor: number,
  minor: number,
): { gatewayMinor: number; walletMinor: number } => {
  const whole = tender.gatewayMinor + tender.walletMinor;
  if (minor === 0 || whole === 0) return { gatewayMinor: 0, walletMinor: minor };
  const upTo = (amount: number): number =>
    split(money(amount, "XXX"), [tender.gatewayMinor, tender.walletMinor])[0]?.minor ?? 0;
  const gatewayMinor = upTo(returnedMinor + minor) - upTo(returnedMinor);
  return { gatewayMinor, walletMinor: minor - gatewayMinor };
};

/** What the platform takes of a line: basis points of the goods, and a fixed part, never more than the goods cost. */
export const commissionOf = (totalMinor: number, rule: { basisPoints: number; fixedMinor: number }): number =>
  Math.min(totalMinor, share(money(totalMinor, "XXX"), rule.basisPoints).minor + rule.fixedMinor);
