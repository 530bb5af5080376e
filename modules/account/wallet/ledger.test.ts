/** Any sequence of entries, against a model that adds up in memory. */
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "./audit.ts";
import { balance } from "./balance.ts";
import { post } from "./post.ts";
import { isGuarded, type Line, movesOf } from "./rules.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("account");
});
afterAll(() => database.close());

const RUNS = 30;
const scene = () => sceneOf(database.db, asModule("order"));

type Transfer = { from: number; to: number; minor: number; currency: string };
const transfer: fc.Arbitrary<Transfer> = fc.record({
  from: fc.nat({ max: 5 }),
  to: fc.nat({ max: 5 }),
  minor: fc.integer({ min: 0, max: 500 }),
  currency: fc.constantFrom("USD", "VND"),
});
const entry = fc.array(transfer, { minLength: 1, maxLength: 4 });

const linesOf = (accounts: readonly string[], transfers: readonly Transfer[]): Line[] =>
  transfers.flatMap(({ from, to, minor, currency }) => [
    { account: accounts[from]!, minor: -minor, currency },
    { account: accounts[to]!, minor, currency },
  ]);

const people = (): string[] => [
  "gateway:stripe",
  "platform:income",
  ...[1, 2].map(() => `escrow:${freshId("ord")}`),
  ...[1, 2].map(() => `wallet:${freshId("acc")}`),
];

/** Adds an entry up, unless it would take a guarded account below zero. */
const tally = (sums: Map<string, number>, lines: readonly Line[]): boolean => {
  const after = (account: string, currency: string, delta: number) =>
    (sums.get(`${account} ${currency}`) ?? 0) + delta;
  if (
    movesOf([{ entryId: "ent_1", lines }]).some(
      ({ account, currency, delta }) => after(account, currency, delta) < 0,
    )
  )
    return false;
  for (const { account, currency, minor } of lines)
    sums.set(`${account} ${currency}`, after(account, currency, minor));
  return true;
};

const heldBy = async (account: string): Promise<[string, number][]> => {
  const { balances } = await balance({ account }, scene());
  return balances.map(({ minor, currency }) => [`${account} ${currency}`, minor]);
};

const posted = (lines: Line[], entryKey = freshId("evt")): Promise<boolean> =>
  post({ entryKey, kind: "adjustment", reference: freshId("ord"), lines }, scene()).then(
    () => true,
    (error: unknown) => {
      if (error instanceof RefusalError && error.code === "FUNDS_SHORT") return false;
      throw error;
    },
  );

it("Wallet/post: after any entries balances are the sums of their lines, and guarded ones not below zero", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 12 }), async (history) => {
      const accounts = people();
      const sums = new Map<string, number>();
      for (const transfers of history) {
        const lines = linesOf(accounts, transfers);
        expect(await posted(lines)).toBe(tally(sums, lines));
      }
      const guarded = [...sums].filter(([key]) => isGuarded(key));
      const held = (await Promise.all(accounts.filter(isGuarded).map(heldBy))).flat();
      expect(new Map(held)).toEqual(new Map(guarded));
    }),
    { numRuns: RUNS },
  );
  expect(await audit({}, scene())).toEqual({ unbalanced: [], drifted: [], negative: [] });
});

it("Wallet/post: entries that race leave the ledger in order, and all money in it adds up to zero", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 8, maxLength: 24 }), async (history) => {
      const accounts = people();
      const before = (await Promise.all(accounts.map(heldBy))).flat();
      await Promise.all(history.map((transfers) => posted(linesOf(accounts, transfers))));
      const after = (await Promise.all(accounts.map(heldBy))).flat();
      for (const currency of ["USD", "VND"]) {
        const total = (held: [string, number][]) =>
          held.filter(([key]) => key.endsWith(currency)).reduce((sum, [, minor]) => sum + minor, 0);
        expect(total(after)).toBe(total(before));
      }
    }),
    { numRuns: 10 },
  );
  expect(await audit({}, scene())).toEqual({ unbalanced: [], drifted: [], negative: [] });
});
