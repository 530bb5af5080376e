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
      usd("platform:commission", 3),
    ];
    expect(movesOf(lines)).toEqual([
      { account: ESCROW, currency: "USD", delta: -5 },
      { account: WALLET, currency: "USD", delta: 6 },
      { account: WALLET, currency: "VND", delta: 9 },
    ]);
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
        expect(movesOf(turned)).toEqual(movesOf(lines));
        expect(bodyHash({ ...posting, lines: turned })).toBe(bodyHash({ ...posting, lines }));
      }),
    );
  });
});

it("bodyHash: another kind, reference, amount or line is another entry", () => {
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
  ];
  expect(new Set(all.map(bodyHash)).size).toBe(all.length);
});

it("isGuarded: escrow and wallet are, what is outside or our own is not", () => {
  const accounts = [ESCROW, WALLET, "gateway:stripe", "platform:wallet_fees"];
  expect(accounts.filter(isGuarded)).toEqual([ESCROW, WALLET]);
});

it("shortOf: the first move that was not made", () => {
  const moves = movesOf([usd(ESCROW, -5), usd(WALLET, 5), vnd(WALLET, -1)]);
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
