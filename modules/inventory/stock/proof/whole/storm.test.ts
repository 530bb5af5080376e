import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "../../audit.ts";
import { anyAsk, type Ask, receipts } from "./asks.ts";
import { type Berth, openBerth } from "./berth.ts";
import { apply, emptyModel, isAsked, type Model } from "./model.ts";
import { sightIn, sightOf, takenIn } from "./sight.ts";
import { openWorld, perform } from "./world.ts";

const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const ASKS = Number(process.env["STOCK_ASKS"] ?? 60);
console.log(`stock, four processes: SEED=${SEED}`);

const PROCESSES = 4;
const LANES = 8;
const STRIKES = 2;
/** What a fault and a repeat must never make of a good ask is not among them. */
const ANSWERS = new Set(
  (
    "ok OUT_OF_STOCK HOLD_GONE SERIALS_SHORT SERIALS_GONE PIECES_SHORT SERIAL_UNKNOWN SERIAL_BUSY " +
    "RECEIPT_DIFFERS ADJUSTMENT_DIFFERS TRANSFER_DIFFERS"
  ).split(" "),
);

let base: TestDatabase;

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

type Lane = { readonly asks: readonly Ask[]; readonly berth: Berth };

/** One ask after the other, each only where the shop would; what came of it is what it was answered. */
const walk = async (model: Model, { asks, berth }: Lane, answered: () => void): Promise<void> => {
  for (const ask of asks) {
    if (!isAsked(model, ask)) continue;
    const answer = await berth.tell(ask);
    expect([ask, answer, ANSWERS.has(answer.code)]).toEqual([ask, answer, true]);
    apply(model, ask, answer);
    answered();
  }
};

const stragglers = async (): Promise<number> => {
  const { count } = await base.db.$client`
    select from pg_stat_activity where datname = current_database() and application_name = 'shopnexus/worker'`;
  return count;
};
const deadlocks = async (): Promise<unknown> => {
  const [row] = await base.db.$client`
    select deadlocks::int as n from pg_stat_database where datname = current_database()`;
  return row?.["n"];
};

it("Stock: four processes, two of them killed in the middle of what they do and begun again, leave what they said they did", async () => {
  const [world, model] = [await openWorld(base.db), emptyModel()];
  for (const ask of receipts(40)) apply(model, ask, await perform(base.db, world, ask));
  const berths = Array.from({ length: PROCESSES }, () => openBerth(base.url, world));
  const lanes = Array.from({ length: LANES }, (_, lane): Lane => {
    const asks = fc.sample(anyAsk(lane), { seed: SEED + lane, numRuns: ASKS });
    return { asks, berth: berths[lane % PROCESSES]! };
  });
  let answerCount = 0;
  const strikes: Promise<number>[] = [];
  const strikeEvery = Math.floor((LANES * ASKS) / 2 / (STRIKES + 1));
  await Promise.all(
    lanes.map((lane) =>
      walk(model, lane, () => {
        answerCount += 1;
        if (answerCount % strikeEvery !== 0 || strikes.length === STRIKES) return;
        strikes.push(berths[strikes.length]!.strike());
      }),
    ),
  );
  const inHand = await Promise.all(strikes);
  await Promise.all(berths.map((berth) => berth.close()));
  // The server may still be at what a killed process asked it.
  await expect.poll(stragglers, { timeout: 10_000 }).toBe(0);
  expect(inHand).toHaveLength(STRIKES);
  expect(Math.max(...inHand)).toBeGreaterThan(0);
  await agree(world, model);
  expect(await audit({}, sceneOf(base.db, asModule("order")))).toEqual({ drifted: [] });
  expect(await deadlocks()).toBe(0);
}, 120_000);

/** Of what one lane does to another's pieces only the sums are known: which shelf gave them, who had which number before. */
const agree = async (world: Parameters<typeof sightOf>[1], model: Model): Promise<void> => {
  const [seen, due] = [await sightOf(base.db, world, model), sightIn(world, model)];
  expect(seen.levels).toEqual(due.levels);
  expect(seen.holds).toEqual(due.holds);
  expect(seen.shelves.map((of) => of.map(({ onHand }) => onHand))).toEqual(
    due.shelves.map((of) => of.map(({ onHand }) => onHand)),
  );
  expect(seen.shelves.map((of) => of.reduce((sum, { picked }) => sum + picked, 0))).toEqual(takenIn(model));
  expect(seen.serials.map(out)).toEqual(due.serials.map(out));
};

/** Numbers that a line has, or that are gone. */
const out = (serials: readonly (readonly [string, string, string | null])[]) =>
  serials
    .filter(([, state]) => ["taken", "shipped", "void"].includes(state))
    .map((row) => row.join(" "))
    .toSorted();
