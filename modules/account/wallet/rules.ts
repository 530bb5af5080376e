/** Decisions about ledger entries and holds. */
import type { z } from "zod";
import type { Entry, SpendLine } from "@shopnexus/contracts/account/ledger";
import { type Wallet, WalletRefusals } from "@shopnexus/contracts/account/wallet";
import type { In } from "@shopnexus/contracts/kit/contract";
import { type Money, money, subtract, sum } from "@shopnexus/contracts/kit/money";
import { refuse, type RefusalError } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import type { walletHold } from "#db/account/ledger.ts";
import { canonical, deriveId, sha256 } from "#modules/_kit/derive.ts";

export type Line = z.infer<typeof SpendLine>;
/** What is posted; by a spend also lines on `held:`, and then `spends` says which hold. */
export type Posting = Omit<In<typeof Wallet, "post">, "lines"> & {
  readonly lines: readonly Line[];
  readonly spends?: string;
};

/** Do the lines add up to zero in each currency? */
export const isBalanced = (lines: readonly Line[]): boolean =>
  [...Map.groupBy(lines, ({ currency }) => currency).values()].every((group) => total(group).minor === 0);

/** Entries with one hash say the same, whatever the order of their lines. */
export const bodyHash = ({ kind, reference, lines, overdraws, spends }: Omit<Posting, "entryKey">): string =>
  sha256(
    canonical([
      kind,
      reference,
      lines.map(canonical).toSorted(),
      ...(overdraws ? ["overdraws"] : []),
      ...(spends === undefined ? [] : [spends]),
    ]),
  );

/** An entry before it is known whether its key is free. */
export type Draft = Posting & { readonly entryId: string; readonly bodyHash: string };

/** Each posting once, in the order given. */
export const draftsOf = (postings: readonly Posting[]): Draft[] => {
  const drafts = new Map<string, Draft>();
  for (const posting of postings) {
    if (!isBalanced(posting.lines)) throw refuse(WalletRefusals.ENTRY_UNBALANCED, {});
    const draft = { ...posting, entryId: entryIdOf(posting.entryKey), bodyHash: bodyHash(posting) };
    const twin = drafts.get(draft.entryKey);
    if (twin !== undefined && twin.bodyHash !== draft.bodyHash)
      throw refuse(WalletRefusals.ENTRY_KEY_REUSED, {});
    drafts.set(draft.entryKey, twin ?? draft);
  }
  return [...drafts.values()];
};

export const entryIdOf = (entryKey: string): string => deriveId("ent", entryKey);

/** Accounts of an order or of a person have a balance that is guarded; what is outside, or our own, has none. */
export const isGuarded = (account: string): boolean => /^(escrow|wallet|held):/.test(account);

/** What entries do together to one guarded account in one currency. */
export type Move = {
  readonly account: string;
  readonly currency: string;
  readonly delta: number;
  /** How far below its beginning the account goes where it may not fall below zero; null when nothing is in its way. */
  readonly low: number | null;
  /** Entry by entry: what it does, and how far from its end the account is after it. */
  readonly steps: readonly { readonly entryId: string; readonly delta: number; readonly fromEnd: number }[];
};

type Moving = Pick<Draft, "entryId" | "lines" | "overdraws">;

/** One move a guarded account and currency, all lines of an entry together, in one order for all callers. */
export const movesOf = (entries: readonly Moving[]): Move[] => {
  const parts = entries.flatMap(partsOf);
  return [...Map.groupBy(parts, nameOf).values()]
    .flatMap(moveOf)
    .toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
};

type Part = { account: string; currency: string; entryId: string; amount: Money; mayOverdraw: boolean };

const partsOf = ({ entryId, lines, overdraws }: Moving): Part[] =>
  [
    ...Map.groupBy(
      lines.filter(({ account }) => isGuarded(account)),
      nameOf,
    ).values(),
  ].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { account, currency } = first;
    const mayOverdraw = overdraws === true && account.startsWith("wallet:");
    return [{ account, currency, entryId, amount: total(group), mayOverdraw }];
  });

const moveOf = (parts: readonly Part[]): Move[] => {
  const [first] = parts;
  if (first === undefined) return [];
  const { account, currency } = first;
  const amounts = parts.map(({ amount }) => amount);
  const after = amounts.map((_, at) => sum(amounts.slice(0, at + 1), currency));
  const end = sum(amounts, currency);
  const bounds = parts.flatMap(({ amount, mayOverdraw }, at) =>
    amount.minor < 0 && !mayOverdraw ? (after[at]?.minor ?? []) : [],
  );
  const steps = parts.map(({ entryId, amount }, at) => ({
    entryId,
    delta: amount.minor,
    fromEnd: subtract(after[at] ?? end, end).minor,
  }));
  return [
    { account, currency, delta: end.minor, low: bounds.length === 0 ? null : Math.min(...bounds), steps },
  ];
};

/** The first guarded account that did not move, because that would have taken it below zero. */
export const shortOf = (moves: readonly Move[], moved: readonly MovedKey[]): string | undefined => {
  const done = new Set(moved.map(nameOf));
  return moves.find((move) => !done.has(nameOf(move)))?.account;
};

export type MovedKey = Pick<Move, "account" | "currency">;
const nameOf = ({ account, currency }: MovedKey): string => `${account} ${currency}`;

/** Lines of one currency. */
const total = (lines: readonly Line[]): Money => {
  const currency = lines[0]?.currency ?? "";
  return sum(
    lines.map(({ minor }) => money(minor, currency)),
    currency,
  );
};

/** What an account holds in one currency, without its name. */
export const toSum = ({ minor, currency }: Money): Money => money(minor, currency);

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

export type HoldRow = typeof walletHold.$inferSelect;
export type HoldAsk = In<typeof Wallet, "hold">;

/** Why a hold under an id that is taken is refused; undefined when it is a repeat. */
export const refusalOf = (known: HoldRow, ask: HoldAsk): RefusalError | undefined => {
  const isAsked =
    known.accountId === ask.accountId &&
    known.minor === ask.amount.minor &&
    known.currency === ask.amount.currency &&
    known.reference === ask.reference &&
    known.overdraws === (ask.overdraws ?? false);
  if (known.heldAt !== null && !isAsked) return refuse(WalletRefusals.WALLET_HOLD_DIFFERS, {});
  return known.state === "freed" ? gone(known) : undefined;
};

export const gone = (known: HoldRow | undefined): RefusalError =>
  refuse(WalletRefusals.WALLET_HOLD_GONE, { state: known?.state ?? "unknown" });

/** Do the lines take what the hold holds out of `held:`, all of it and nobody else's? */
export const takesAll = (
  lines: readonly Line[],
  { accountId, amount }: Pick<Held, "accountId" | "amount">,
): boolean => {
  const taken = lines.filter(({ account }) => account.startsWith("held:"));
  const isTheirs = taken.every(
    (line) => line.account === `held:${accountId}` && line.currency === amount.currency,
  );
  return isTheirs && total(taken).minor === -amount.minor;
};

/** A hold that has, or had, money in it. */
export type Held = Omit<HoldAsk, "overdraws"> & { readonly overdraws: boolean };

/** Moves what a hold holds between the two parts of its account: nothing is posted for nothing. */
export const holdPostings = (held: Held, kind: "hold" | "free"): Posting[] => {
  const { walletHoldId, accountId, reference, amount } = held;
  const { minor, currency } = amount;
  if (minor === 0) return [];
  const [from, to] = kind === "hold" ? (["wallet", "held"] as const) : (["held", "wallet"] as const);
  const lines = [
    { account: `${from}:${accountId}`, minor: -minor, currency },
    { account: `${to}:${accountId}`, minor, currency },
  ];
  const posting = { entryKey: `${walletHoldId}/${kind}`, kind, reference, lines };
  return [kind === "hold" && held.overdraws ? { ...posting, overdraws: true } : posting];
};
