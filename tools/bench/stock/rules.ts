/** What the measured cases of the stock bench come to: values alone. */
import { round } from "../rules.ts";
import type { WayName } from "./ways.ts";

export type Case = {
  readonly way: WayName;
  readonly skus: number;
  readonly buyers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly transactionsPerSecond: number;
  readonly oversold: number;
  readonly broken: readonly string[];
};
export type Row = Case & {
  /** Times as many reservations a second as with select for update; null where that was not measured. */
  readonly ratioToForUpdate: number | null;
};

/** What ours at the database should reach, against another way in the same run. */
export type Goal = {
  readonly says: string;
  readonly wanted: number;
  readonly got: number | null;
  readonly isReached: boolean;
};

const speedOf = (cases: readonly Case[], way: WayName, { skus, buyers }: Pick<Case, "skus" | "buyers">) =>
  cases.find((one) => one.way === way && one.skus === skus && one.buyers === buyers)?.perSecond;

export const rowsOf = (cases: readonly Case[]): Row[] =>
  cases.map((one) => ({
    ...one,
    ratioToForUpdate: ratioOf(one.perSecond, speedOf(cases, "forUpdate", one)),
  }));

const ratioOf = (fast: number | undefined, slow: number | undefined): number | null =>
  fast === undefined || !slow ? null : round(fast / slow, 2);

const GOALS = [
  { way: "forUpdate", skus: 1, buyers: 32, wanted: 10 },
  { way: "forUpdate", skus: 1, buyers: 128, wanted: 30 },
  { way: "conditional", skus: 10_000, buyers: 128, wanted: 2 },
  { way: "conditional", skus: 1, buyers: 1, wanted: 0.95 },
  { way: "conditional", skus: 10_000, buyers: 1, wanted: 0.95 },
] as const;

export const goalsOf = (cases: readonly Case[]): Goal[] =>
  GOALS.map(({ way, wanted, ...at }) => {
    const got = ratioOf(speedOf(cases, "database", at), speedOf(cases, way, at));
    const where = at.skus === 1 ? "one hot SKU" : `${at.skus} SKUs`;
    const says = `${where}, ${at.buyers === 1 ? "one buyer" : `${at.buyers} buyers`}: (e) against (${way === "forUpdate" ? "a" : "b"})`;
    return { says, wanted, got, isReached: got !== null && got >= wanted };
  });

/** Of rounds of one case the middle one by speed, with all that was wrong in any of them. */
export const middleOf = (rounds: readonly Case[]): Case | undefined => {
  const middle = rounds.toSorted((one, other) => one.perSecond - other.perSecond)[
    Math.floor(rounds.length / 2)
  ];
  const oversold = rounds.reduce((sum, round) => sum + round.oversold, 0);
  return middle && { ...middle, oversold, broken: rounds.flatMap((round) => round.broken) };
};

/** Nothing sold that is not there, and nothing that does not add up. How fast it was is no matter of right and wrong. */
export const isSound = (cases: readonly Case[]): boolean =>
  cases.length > 0 &&
  cases.every(({ oversold, broken, perSecond }) => oversold === 0 && broken.length === 0 && perSecond > 0);
