import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bodyHash,
  type EntryRow,
  isBalanced,
  isGuarded,
  type Line,
  movesOf,
  shortOf,
  toEntries,
} from "./rules.ts";

const ESCROW = `escrow:ord_${"1".repeat(32)}`;
const WALLET = `wallet:acc_${"2".repeat(32)}`;
const HELD = `held:acc_${"2".repeat(32)}`;
const entry = (entryId: string, lines: Line[]) => ({ entryId, lines });
const one = (account: string, currency: string, { delta, low }: { delta: number; low: number | null }) => ({
  account,
  currency,
  delta,
  low,
  steps: [{ entryId: "ent_1", delta, fromEnd: 0 }],
});
const usd = (account: string, minor: number): Line => ({ account, minor, currency: "USD" });
const vnd = (account: string, minor: number): Line => ({ account, minor, currency: "VND" });

describe("isBalanced", () => {
  it("each currency adds up to zero on its own", () => {
    expect(isBalanced([usd(ESCROW, -5), usd(WALLET, 3), usd(WALLET, 2)])).toBe(true);
    expect(isBalanced([usd(ESCROW, -5), usd(WALLET, 5), vnd(ESCROW, -9), vnd(WALLET, 9)])).toBe(true);
    expect(isBalanced([usd(ESCROW, -5), vnd(WALLET, 5)])).toBe(false);
    expect(isBalanced([usd(ESCROW, -5), usd(WALLET, 4)])).toBe(false);
  });
});

describe("movesOf", () => {
  it("one move a guarded account and currency, its lines together, in order; nobody else moves", () => {
    const lines = [
      usd(WALLET, 7),
      usd(ESCROW, -5),
      vnd(WALLET, 9),
      usd("gateway:stripe", -4),
      usd(WALLET, -1),
      usd("platform:income", 3),
    ];
    expect(movesOf([entry("ent_1", lines)])).toEqual([
      one(ESCROW, "USD", { delta: -5, low: -5 }),
      one(WALLET, "USD", { delta: 6, low: null }),
      one(WALLET, "VND", { delta: 9, low: null }),
    ]);
  });

  it("entries after each other: how low the account gets, and where it is after each", () => {
    const entries = [5, -7, 3].map((minor, at) => entry(`ent_${at}`, [usd(WALLET, minor)]));
    const steps = [
      { entryId: "ent_0", delta: 5, fromEnd: 4 },
      { entryId: "ent_1", delta: -7, fromEnd: -3 },
      { entryId: "ent_2", delta: 3, fromEnd: 0 },
    ];
    expect(movesOf(entries)).toEqual([{ account: WALLET, currency: "USD", delta: 1, low: -2, steps }]);
  });

  it("an entry that overdraws bounds no wallet, but still escrow and what is held", () => {
    const lines = [usd(WALLET, -5), usd(ESCROW, -4), usd(HELD, -3), usd("gateway:stripe", 12)];
    const lows = (overdraws?: true) =>
      movesOf([{ ...entry("ent_1", lines), ...(overdraws && { overdraws }) }]).map(({ low }) => low);
    expect(lows()).toEqual([-4, -3, -5]);
    expect(lows(true)).toEqual([-4, -3, null]);
    const after = [{ ...entry("ent_1", lines), overdraws: true as const }, entry("ent_2", [usd(WALLET, -1)])];
    expect(movesOf(after).at(-1)).toMatchObject({ delta: -6, low: -6 });
  });

  it("the order of an entry's lines changes neither its moves nor its hash", () => {
    const account = fc.constantFrom(ESCROW, WALLET, "gateway:stripe");
    const line = fc.record({
      account,
      minor: fc.integer({ min: -99, max: 99 }),
      currency: fc.constantFrom("USD", "VND"),
    });
    const posting = { kind: "capture", reference: `ord_${"1".repeat(32)}` } as const;
    fc.assert(
      fc.property(fc.array(line, { minLength: 2 }), (lines) => {
        const turned = lines.toReversed();
        expect(movesOf([entry("ent_1", turned)])).toEqual(movesOf([entry("ent_1", lines)]));
        expect(bodyHash({ ...posting, lines: turned })).toBe(bodyHash({ ...posting, lines }));
      }),
    );
  });
});

it("bodyHash: another kind, reference, amount, line, bound or hold is another entry", () => {
  const one = {
    kind: "capture" as const,
    reference: `ord_${"1".repeat(32)}`,
    lines: [usd(ESCROW, -5), usd(WALLET, 5)],
  };
  const all = [
    one,
    { ...one, kind: "refund" as const },
    { ...one, reference: `ord_${"2".repeat(32)}` },
    { ...one, lines: [usd(ESCROW, -6), usd(WALLET, 6)] },
    { ...one, lines: [...one.lines, usd(WALLET, 0)] },
    { ...one, overdraws: true as const },
    { ...one, spends: "whd_1" },
    { ...one, spends: "whd_2" },
  ];
  expect(new Set(all.map(bodyHash)).size).toBe(all.length);
});

it("isGuarded: escrow, wallet and held are, what is outside or our own is not", () => {
  const accounts = [ESCROW, WALLET, HELD, "gateway:stripe", "bank:sandbox", "platform:fees"];
  expect(accounts.filter(isGuarded)).toEqual([ESCROW, WALLET, HELD]);
});

it("shortOf: the first move that was not made", () => {
  const moves = movesOf([entry("ent_1", [usd(ESCROW, -5), usd(WALLET, 5), vnd(WALLET, -1)])]);
  expect(shortOf(moves, moves)).toBeUndefined();
  expect(shortOf(moves, [{ account: WALLET, currency: "VND" }])).toBe(ESCROW);
  expect(
    shortOf(moves, [
      { account: ESCROW, currency: "USD" },
      { account: WALLET, currency: "USD" },
    ]),
  ).toBe(WALLET);
});

it("toEntries: an entry from the rows of its lines, in the order they come", () => {
  const row = (entryId: string, line: Line): EntryRow => ({
    entryId,
    entryKey: `key of ${entryId}`,
    kind: "capture",
    reference: "ord_1",
    postedAt: new Date(0),
    line,
  });
  const [first, second] = [usd(ESCROW, -5), usd(WALLET, 5)];
  const read = toEntries([
    row("ent_1", first),
    row("ent_1", second),
    row("ent_2", second),
    row("ent_2", first),
  ]);
  expect(read.map(({ entryId, lines }) => [entryId, lines])).toEqual([
    ["ent_1", [first, second]],
    ["ent_2", [second, first]],
  ]);
  expect(read[0]).toMatchObject({ entryKey: "key of ent_1", postedAt: "1970-01-01T00:00:00.000Z" });
});
