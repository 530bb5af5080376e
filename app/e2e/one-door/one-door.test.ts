/** Browser, webhooks, the buyer's second thoughts, the clock and kill -9: one door, and one order set or none. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { buyer, insider, type Seller, seller } from "#tools/testkit/people.ts";
import { openShop, type TestShop, WHOLE_CHILD } from "#tools/testkit/shop.ts";
import { type Aftermath, aftermathOf, ended } from "./aftermath.ts";
import { dice, rage, type Storm, stormOf } from "./storm.ts";

/** The suite has minutes; `STORMS=200 npm test -- app/e2e/one-door` has more. */
const STORM_COUNT = Number(process.env["STORMS"] ?? 100);
/** Storms that rage at once, and share one kill of the app. */
const BATCH_SIZE = 25;
const SEED = Number(process.env["SEED"] ?? 20_261_121);

let shop: TestShop;
let an: Seller;
let binh: Seller;

beforeAll(async () => {
  shop = await openShop(WHOLE_CHILD);
  // Every event three times, late and out of order.
  shop.sandbox.faults.set({ webhooks: { duplicate: 2, reorder: true, lateMs: 50 } });
  [an, binh] = await Promise.all([seller(shop), seller(shop)]);
});
afterAll(() => shop?.stop());

test(`${STORM_COUNT} storms of browser, webhooks, cancel, window, repeats, further attempts to pay and kills leave one order set and one payment, or none and nothing`, {
  timeout: 240_000,
}, async () => {
  const seen = new Map<string, number>();
  for (let first = 0; first < STORM_COUNT; first += BATCH_SIZE) {
    const storms = await Promise.all(
      Array.from({ length: BATCH_SIZE }, (_, at) => prepare(SEED + first + at)),
    );
    const roll = dice(SEED + first);
    await Promise.all([
      killInTheMiddle(100 + Math.floor(roll() * 1_200)),
      ...storms.map((storm) => rage(shop, storm)),
    ]);
    await Promise.all(storms.map((storm) => ended(shop, storm)));
    for (const storm of storms) {
      const aftermath = await aftermathOf(shop, storm);
      expect(aftermath, `seed ${storm.seed}`).toEqual(
        aftermath.state === "placed" ? soldOnce(aftermath) : nothingOf(aftermath),
      );
      seen.set(aftermath.state, (seen.get(aftermath.state) ?? 0) + 1);
      if (aftermath.intents > 1) seen.set("paid anew", (seen.get("paid anew") ?? 0) + 1);
    }
  }
  // A storm that always ends the same way proves nothing.
  expect(seen.get("placed")).toBeGreaterThan(STORM_COUNT / 10);
  expect(seen.get("abandoned")).toBeGreaterThan(STORM_COUNT / 10);
  expect(seen.get("paid anew")).toBeGreaterThan(STORM_COUNT / 40);
  const inside = await insider(shop);
  expect(await inside.call(Wallet).audit({})).toEqual({ unbalanced: [], drifted: [], negative: [] });
  expect(await inside.call(Stock).audit({})).toEqual({ drifted: [] });
});

const PRICES_MINOR = [1_500, 2_250];
const TOTAL_MINOR = 3_750;

const prepare = async (seed: number): Promise<Storm> => {
  const [who, ...goods] = await Promise.all([
    buyer(shop),
    an.offer(PRICES_MINOR[0] ?? 0, 3),
    binh.offer(PRICES_MINOR[1] ?? 0, 3),
  ]);
  return stormOf(seed, who, goods);
};

const killInTheMiddle = async (afterMs: number): Promise<void> => {
  await sleep(afterMs);
  await shop.kill();
  await shop.begin();
};

const soldOnce = ({ intents, state }: Aftermath): Aftermath => {
  // One an attempt to pay; but for one of them, nobody keeps a cent.
  expect(intents).toBeGreaterThanOrEqual(1);
  return {
    state,
    intents,
    orders: 2,
    ordered: TOTAL_MINOR,
    kept: TOTAL_MINOR,
    sold: 2,
    held: 0,
    escrow: TOTAL_MINOR,
  };
};

const nothingOf = ({ intents, state }: Aftermath): Aftermath => {
  expect(["abandoned", "refused", "never"]).toContain(state);
  return { state, intents, orders: 0, ordered: 0, kept: 0, sold: 0, held: 0, escrow: 0 };
};
