/** Ledger entries of what becomes of an order's money: every movement of a line's money is one of these. */
import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { In } from "@shopnexus/contracts/kit/contract";
import { type Move, sellerMinor } from "./money.ts";

export type Entry = In<typeof Wallet, "post">;
type Line = Entry["lines"][number];

/** Whose money it is, and by which frozen rate the seller is paid. */
export type Party = {
  readonly orderId: string;
  readonly sellerId: string;
  readonly currency: string;
  readonly sellerCurrency: string;
  readonly sellerRate: string;
};

/** What the platform gives beside it is not there where an older version of the shop has said the rest. */
export type Returned = Pick<Move, "returnedMinor" | "clawedMinor" | "uncarriedMinor" | "commissionMinor"> & {
  readonly subsidizedMinor?: number | undefined;
  readonly rewardedMinor?: number | undefined;
};

/** Lines of nothing are left out; an entry of nothing is none. */
const entry = (head: Omit<Entry, "lines">, lines: readonly Line[]): Entry[] => {
  const moved = lines.filter(({ minor }) => minor !== 0);
  return moved.length === 0 ? [] : [{ ...head, lines: moved }];
};

/** What a seller gains or gives back, in the seller's own currency: two currencies meet in one account of the platform's. */
const sellerLines = (party: Party, minor: number): Line[] => {
  const { currency, sellerCurrency } = party;
  const wallet = `wallet:${party.sellerId}`;
  if (currency === sellerCurrency) return [{ account: wallet, minor, currency }];
  const own = sellerMinor(minor, party);
  return [
    { account: "platform:fx", minor, currency },
    { account: "platform:fx", minor: -own, currency: sellerCurrency },
    { account: wallet, minor: own, currency: sellerCurrency },
  ];
};

const escrowOf = ({ orderId, currency }: Party, minor: number): Line => ({
  account: `escrow:${orderId}`,
  minor,
  currency,
});
const platform = (purpose: string, minor: number, currency: string): Line => ({
  account: `platform:${purpose}`,
  minor,
  currency,
});

/** The parcel is booked: what was paid for carriage is the platform's, who pays the carrier. */
export const carryEntry = (key: string, party: Party, minor: number): Entry[] =>
  entry({ entryKey: `${key}/carry`, kind: "shipping", reference: party.orderId }, [
    escrowOf(party, -minor),
    platform("shipping", minor, party.currency),
  ]);

type Released = {
  readonly grossMinor: number;
  readonly commissionMinor: number;
  readonly subsidizedMinor?: number | undefined;
  readonly borneMinor?: number | undefined;
  readonly cashback?: { readonly buyerId: string; readonly minor: number } | undefined;
};

/**
 * The seller's share leaves escrow, with what the platform pays beside it; the commission stays, and what the seller pays
 * of the carriage joins what buyers paid for it. Then what the buyer was promised of it, which is the platform's.
 */
export const releaseEntry = (
  key: string,
  party: Party,
  { grossMinor, commissionMinor, subsidizedMinor = 0, borneMinor = 0, cashback }: Released,
): Entry[] => [
  ...entry({ entryKey: `${key}/release`, kind: "release", reference: party.orderId }, [
    escrowOf(party, -grossMinor),
    platform("promotions", -subsidizedMinor, party.currency),
    platform("income", commissionMinor, party.currency),
    platform("shipping", borneMinor, party.currency),
    ...sellerLines(party, grossMinor + subsidizedMinor - commissionMinor - borneMinor),
  ]),
  ...(cashback === undefined ? [] : cashbackEntry(`${key}/cashback`, party, cashback)),
];

/** Below zero it is taken back: a buyer who has spent it owes it. */
const cashbackEntry = (
  entryKey: string,
  { orderId, currency }: Party,
  { buyerId, minor }: NonNullable<Released["cashback"]>,
): Entry[] =>
  entry({ entryKey, kind: "cashback", reference: orderId, ...(minor < 0 && { overdraws: true as const }) }, [
    platform("promotions", -minor, currency),
    { account: `wallet:${buyerId}`, minor, currency },
  ]);

type Return = {
  readonly key: string;
  readonly kind: "refund" | "chargeback";
  readonly party: Party;
  readonly totals: Returned;
  /** Where it goes, e.g. the gateway and the buyer's wallet; together what is returned. */
  readonly to: ReadonlyArray<{ readonly account: string; readonly minor: number }>;
};

/**
 * Money on its way back to the buyer: out of escrow, from the seller less the commission on it, and from what was spent
 * on carriage. What the platform had paid beside it comes back to the platform.
 */
export const returnEntry = ({ key, kind, party, totals, to }: Return): Entry[] => {
  const { returnedMinor, clawedMinor, uncarriedMinor, commissionMinor, subsidizedMinor = 0 } = totals;
  const { currency } = party;
  const head = { entryKey: `${key}/${kind}`, kind, reference: party.orderId };
  return entry({ ...head, ...(clawedMinor > 0 && { overdraws: true as const }) }, [
    escrowOf(party, -(returnedMinor - clawedMinor - uncarriedMinor)),
    platform("income", -commissionMinor, currency),
    platform("shipping", -uncarriedMinor, currency),
    platform("promotions", -subsidizedMinor, currency),
    ...sellerLines(party, -(clawedMinor - subsidizedMinor - commissionMinor)),
    ...to.map(({ account, minor }) => ({ account, minor, currency })),
  ]);
};

/** A chargeback that the bank decided for us: everything goes back to where it was taken. */
export const reinstateEntry = (returned: Return): Entry[] =>
  returnEntry(returned).map(({ lines, overdraws: _, ...head }) => ({
    ...head,
    entryKey: `${returned.key}/reinstate`,
    lines: lines.map((line) => ({ ...line, minor: -line.minor })),
  }));

type Unrewarded = Pick<Return, "key" | "party" | "totals">;

/** What a buyer was given for what went back now is the platform's again. */
export const unrewardEntry = ({ key, party, totals }: Unrewarded, buyerId: string): Entry[] =>
  cashbackEntry(`${key}/cashback`, party, { buyerId, minor: totals.rewardedMinor ?? 0 });

/** A bank has decided for us, so the buyer has paid for it after all. */
export const rewardAgainEntry = ({ key, party, totals }: Unrewarded, buyerId: string): Entry[] =>
  cashbackEntry(`${key}/cashback/reinstate`, party, { buyerId, minor: -(totals.rewardedMinor ?? 0) });

/** The sum of some movements. */
export const totalsOf = (
  moves: ReadonlyArray<Pick<Move, keyof Returned>>,
): { [Name in keyof Returned]-?: number } => ({
  returnedMinor: moves.reduce((sum, move) => sum + move.returnedMinor, 0),
  clawedMinor: moves.reduce((sum, move) => sum + move.clawedMinor, 0),
  uncarriedMinor: moves.reduce((sum, move) => sum + move.uncarriedMinor, 0),
  commissionMinor: moves.reduce((sum, move) => sum + move.commissionMinor, 0),
  subsidizedMinor: moves.reduce((sum, move) => sum + move.subsidizedMinor, 0),
  rewardedMinor: moves.reduce((sum, move) => sum + move.rewardedMinor, 0),
});
