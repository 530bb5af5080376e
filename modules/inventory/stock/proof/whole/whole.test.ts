import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "../../audit.ts";
import { anyAsk, type Ask, receipts } from "./asks.ts";
import { answerOf, apply, emptyModel, isAsked, type Model } from "./model.ts";
import { sightIn, sightOf } from "./sight.ts";
import { openWorld, perform, type World } from "./world.ts";

const SEED = Number(process.env["SEED"] ?? Math.floor(Math.random() * 2 ** 31));
const RUNS = Number(process.env["STOCK_RUNS"] ?? 8);
console.log(`stock, one process: SEED=${SEED}`);

let base: TestDatabase;

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

const commandOf = (ask: Ask): fc.AsyncCommand<Model, World> => ({
  check: (model) => isAsked(model, ask),
  run: async (model, world) => {
    const due = answerOf(model, ask);
    expect([ask, await perform(base.db, world, ask)]).toEqual([ask, due]);
    apply(model, ask, due);
  },
  toString: () => JSON.stringify(ask),
});

it("Stock: whatever is asked in whatever order, levels, holds, movements, shelves and serial numbers are those of the model", async () => {
  const anyCommand = anyAsk(0).map(commandOf);
  const runOne = async (commands: Iterable<fc.AsyncCommand<Model, World>>): Promise<void> => {
    const [world, model] = [await openWorld(base.db), emptyModel()];
    await fc.asyncModelRun(() => ({ model, real: world }), receipts(5).map(commandOf));
    await fc.asyncModelRun(() => ({ model, real: world }), commands);
    expect(await sightOf(base.db, world, model)).toEqual(sightIn(world, model));
    expect(await audit({}, sceneOf(base.db, asModule("order")))).toEqual({ drifted: [] });
  };
  const commands = fc.commands([anyCommand], { maxCommands: 120, size: "max" });
  await fc.assert(fc.asyncProperty(commands, runOne), { numRuns: RUNS, seed: SEED });
}, 120_000);
