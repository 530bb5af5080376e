/** Decisions about ledger entries. */
import type { z } from "zod";
import type { Entry, EntryLine, Wallet } from "@shopnexus/contracts/account/wallet";
import type { In } from "@shopnexus/contracts/kit/contract";
import { add, type Money, money } from "@shopnexus/contracts/kit/money";
import { instant } from "@shopnexus/contracts/kit/time";
import { canonical, sha256 } from "#modules/_kit/derive.ts";

export type Line = z.infer<typeof EntryLine>;
export type Posting = In<typeof Wallet, "post">;

/** Do the lines add up to zero in each currency? */
export const isBalanced = (lines: readonly Line[]): boolean =>
  summed(lines, ({ currency }) => currency).every(({ amount }) => amount.minor === 0);

/** Entries with one hash say the same, whatever the order of their lines. */
export const bodyHash = ({ kind, reference, lines }: Omit<Posting, "entryKey">): string =>
  sha256(canonical([kind, reference, lines.map(canonical).toSorted()]));

/** Accounts of an order or of a person may not go below zero; what is outside, or our own, may. */
export const isGuarded = (account: string): boolean => /^(escrow|wallet):/.test(account);

export type Move = { readonly account: string; readonly currency: string; readonly delta: number };

/** What an entry does to each guarded account, all its lines together, in one order for all entries. */
export const movesOf = (lines: readonly Line[]): Move[] =>
  summed(
    lines.filter(({ account }) => isGuarded(account)),
    ({ account, currency }) => `${account} ${currency}`,
  )
    .map(({ of, amount }) => ({ account: of.account, currency: amount.currency, delta: amount.minor }))
    .toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));

/** The first guarded account that did not move, because that would have taken it below zero. */
export const shortOf = (moves: readonly Move[], moved: readonly MovedKey[]): string | undefined => {
  const done = new Set(moved.map(nameOf));
  return moves.find((move) => !done.has(nameOf(move)))?.account;
};

export type MovedKey = Pick<Move, "account" | "currency">;
const nameOf = ({ account, currency }: MovedKey): string => `${account} ${currency}`;

type Total = { readonly of: Line; readonly amount: Money };

const summed = (lines: readonly Line[], keyOf: (line: Line) => string): Total[] => {
  const totals = new Map<string, Total>();
  for (const line of lines) {
    const amount = money(line.minor, line.currency);
    const total = totals.get(keyOf(line));
    totals.set(keyOf(line), { of: line, amount: total === undefined ? amount : add(total.amount, amount) });
  }
  return [...totals.values()];
};

export type EntryRow = Omit<Entry, "postedAt" | "lines"> & {
  readonly postedAt: Date;
  readonly line: Entry["lines"][number];
};

/** Entries from their rows, one a line; the order of the rows is kept. */
export const toEntries = (rows: readonly EntryRow[]): Entry[] =>
  [...Map.groupBy(rows, ({ entryId }) => entryId).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { line: _line, postedAt, ...head } = first;
    return [{ ...head, postedAt: instant(postedAt.getTime()), lines: group.map(({ line }) => line) }];
  });
