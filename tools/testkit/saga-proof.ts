/**
 * Proves a saga: refused before and after each of its pairs, broken down at each, with every do and every undo run
 * twice, and with each undo run before its do. What is left must be all of it or nothing, to the row.
 */
import { expect, test } from "vitest";
import type { Probe } from "#modules/_kit/probe.ts";

export type Ending<Rows> = { readonly isDone: boolean; readonly rows: Rows };

export type Proof<Rows> = {
  readonly name: string;
  /** The pairs in running order, up to and including the pivot, and those after it. */
  readonly before: readonly string[];
  readonly pivot: string;
  readonly after: readonly string[];
  /** Where only these pairs do something else than in another proof of the same saga: no other one stumbles. */
  readonly only?: readonly string[];
  /** Runs the saga once, on things of its own, and gives what it left. */
  trial(probe: Probe): Promise<Ending<Rows>>;
  readonly done: Rows;
  readonly undone: Rows;
};

type Case = { readonly says: string; readonly probe: Probe; readonly isDone: boolean };

export const sagaProof = <Rows>(proof: Proof<Rows>): void => {
  test(`${proof.name}: its pairs are those that the proof names, in this order`, async () => {
    const seen: string[] = [];
    await proof.trial({ onPair: (pair) => seen.push(pair) });
    expect([...new Set(seen)]).toEqual([...proof.before, proof.pivot, ...proof.after]);
  });
  for (const { says, probe, isDone } of casesOf(proof)) {
    test.concurrent(`${proof.name}: ${says}`, async () => {
      expect(await proof.trial(probe)).toEqual({ isDone, rows: isDone ? proof.done : proof.undone });
    });
  }
};

const WHEN = ["before", "after"] as const;

const casesOf = ({ only, ...proof }: Proof<unknown>): Case[] => {
  const kept = (pairs: readonly string[]) => pairs.filter((pair) => only?.includes(pair) ?? true);
  const [pivots, before, after] = [kept([proof.pivot]), kept(proof.before), kept(proof.after)];
  return [
    { says: "every do twice does it once", probe: { repeatDo: true }, isDone: true },
    ...before.flatMap((pair) => WHEN.flatMap((when) => refusedCases(pair, when))),
    ...pivots.flatMap((pivot) => refusedCases(pivot, "before")),
    ...[...before, ...pivots, ...after].flatMap((pair) =>
      WHEN.map((when) => ({
        says: `broken down ${when} “${pair}”, it goes on`,
        probe: { faultOnce: { pair, when } },
        isDone: true,
      })),
    ),
    ...before.map((pair) => ({
      says: `an undo of “${pair}” that overtakes its do wins`,
      probe: { undoFirst: pair },
      isDone: false,
    })),
  ];
};

const refusedCases = (pair: string, when: "before" | "after"): Case[] => [
  { says: `refused ${when} “${pair}”, nothing is left`, probe: { failAt: { pair, when } }, isDone: false },
  {
    says: `refused ${when} “${pair}”, every do and undo twice, nothing is left`,
    probe: { failAt: { pair, when }, repeatDo: true, repeatUndo: true },
    isDone: false,
  },
];
