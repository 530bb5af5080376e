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
  /** What of the commission the platform has by now. */
  readonly chargedMinor: number;
  /** What the platform promised the seller beside it, and the buyer out of it; and what of both has been given. */
  readonly platformDiscountMinor: number;
  readonly subsidizedMinor: number;
  readonly cashbackMinor: number;
  readonly rewardedMinor: number;
  /** What the seller pays of the carriage instead of the buyer, and what of it the platform, who pays the carrier, has by now. */
  readonly sellerCarriageMinor: number;
  readonly borneMinor: number;
};

/**
 * What one movement changes, and the platform's share in it (taken by a release, given back by a return). What the
 * platform gives beside it is above zero where it is given, below zero where it is taken back. What a seller bears of
 * carriage is borne for good: what was spent on it is spent, whatever comes back of the goods.
 */
export type Move = {
  readonly carriedMinor: number;
  readonly releasedMinor: number;
  readonly returnedMinor: number;
  readonly clawedMinor: number;
  readonly uncarriedMinor: number;
  readonly commissionMinor: number;
  readonly subsidizedMinor: number;
  readonly rewardedMinor: number;
  readonly borneMinor: number;
};

const STILL: Move = {
  carriedMinor: 0,
  releasedMinor: 0,
  returnedMinor: 0,
  clawedMinor: 0,
  uncarriedMinor: 0,
  commissionMinor: 0,
  subsidizedMinor: 0,
  rewardedMinor: 0,
  borneMinor: 0,
};

/** The escrow that a movement takes out (below zero: puts back). */
export const escrowOut = (move: Move): number =>
  move.carriedMinor + move.releasedMinor + (move.returnedMinor - move.clawedMinor - move.uncarriedMinor);

/** What a movement adds to the commission that the platform has: only releases take, and returns give back. */
export const chargedBy = ({ commissionMinor, returnedMinor }: Move): number =>
  returnedMinor === 0 ? commissionMinor : -commissionMinor;

/** The parcel is booked: what the buyer paid for carriage is spent, as far as it is still there. */
export const carry = (purse: Purse): Move => ({
  ...STILL,
  carriedMinor: Math.min(purse.escrowMinor, purse.shippingMinor - purse.carriedMinor),
});

/** What of an amount belongs to a part of a whole, so that all parts together give all of it to the minor unit. */
const partOf = (amountMinor: number, minor: number, wholeMinor: number): number =>
  wholeMinor === 0 ? 0 : Number((BigInt(amountMinor) * BigInt(minor)) / BigInt(wholeMinor));

/** The commission on a part of what the seller gets for the line: from the buyer, and from the platform beside it. */
const commissionUpTo = (
  { commissionMinor, totalMinor, platformDiscountMinor }: Purse,
  minor: number,
): number => partOf(commissionMinor, minor, totalMinor + platformDiscountMinor);

/** What the platform pays beside a part of the goods; beside goods that cost the buyer nothing, all of it. */
const subsidyUpTo = ({ platformDiscountMinor, totalMinor }: Purse, minor: number): number =>
  totalMinor === 0 ? platformDiscountMinor : partOf(platformDiscountMinor, minor, totalMinor);

/** What the platform has paid beside what was released, before any of it was taken back. */
const subsidyGiven = (purse: Purse): number =>
  purse.totalMinor === 0 ? purse.subsidizedMinor : subsidyUpTo(purse, purse.releasedMinor);

const rewardUpTo = ({ cashbackMinor, totalMinor }: Purse, minor: number): number =>
  partOf(cashbackMinor, minor, totalMinor);

/**
 * The escrow window is over: all that is left in escrow is the seller's, and what the platform pays beside it, less
 * commission, and less the carriage that the seller pays, as far as that reaches.
 */
export const release = (purse: Purse): Move => {
  const releasedMinor = Math.min(purse.escrowMinor, purse.totalMinor - purse.releasedMinor);
  const upToMinor = purse.releasedMinor + releasedMinor;
  const given = subsidyGiven(purse);
  const subsidizedMinor = subsidyUpTo(purse, upToMinor) - given;
  const rewardedMinor = rewardUpTo(purse, upToMinor) - rewardUpTo(purse, purse.releasedMinor);
  const commissionMinor =
    commissionUpTo(purse, upToMinor + given + subsidizedMinor) -
    commissionUpTo(purse, purse.releasedMinor + given);
  const left = releasedMinor + subsidizedMinor - commissionMinor;
  const borneMinor = Math.max(0, Math.min(left, purse.sellerCarriageMinor - purse.borneMinor));
  return { ...STILL, releasedMinor, commissionMinor, subsidizedMinor, rewardedMinor, borneMinor };
};

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
  return { ...STILL, returnedMinor, clawedMinor, uncarriedMinor, ...takeBack(purse, clawedMinor) };
};

/**
 * With what comes back from a seller goes its part of all that was given and taken for it. What is left standing counts, so
 * parts that were rounded, or put back by a bank, never add up to more than that.
 */
const takeBack = (purse: Purse, clawedMinor: number) => {
  if (clawedMinor === 0) return { commissionMinor: 0, subsidizedMinor: 0, rewardedMinor: 0 };
  const leftMinor = purse.releasedMinor - purse.clawedMinor - clawedMinor;
  const subsidizedMinor = Math.min(0, subsidyUpTo(purse, leftMinor) - purse.subsidizedMinor);
  const rewardedMinor = Math.min(0, rewardUpTo(purse, leftMinor) - purse.rewardedMinor);
  const soldMinor = leftMinor + purse.subsidizedMinor + subsidizedMinor;
  const commissionMinor = Math.max(0, purse.chargedMinor - commissionUpTo(purse, soldMinor));
  return { commissionMinor, subsidizedMinor, rewardedMinor };
};

/** A movement taken back: the bank has decided for us. */
export const reverse = (move: Move): Move => ({
  carriedMinor: -move.carriedMinor,
  releasedMinor: -move.releasedMinor,
  returnedMinor: -move.returnedMinor,
  clawedMinor: -move.clawedMinor,
  uncarriedMinor: -move.uncarriedMinor,
  commissionMinor: -move.commissionMinor,
  subsidizedMinor: -move.subsidizedMinor,
  rewardedMinor: -move.rewardedMinor,
  borneMinor: -move.borneMinor,
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
