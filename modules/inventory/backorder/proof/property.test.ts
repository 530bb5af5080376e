import { freshId } from "@shopnexus/contracts/kit/id";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { audit } from "../../stock/audit.ts";
import { commit } from "../../stock/commit.ts";
import { release } from "../../stock/release.ts";
import { reserve } from "../../stock/reserve.ts";
import { unsell } from "../../stock/unsell.ts";
import { enqueue } from "../enqueue.ts";
import { serve } from "../serve.ts";
import { apply, type Ask, emptyModel, type Model, partOf } from "./model.ts";
import { openShelf, type Placed } from "./shop.ts";

let base: TestDatabase;
let shelf: ReturnType<typeof openShelf>;

const anyLine = fc.nat({ max: 9 });
const anyPieces = fc.integer({ min: 1, max: 4 });
const anyAsk: fc.Arbitrary<Ask> = fc.oneof(
  fc.record({ verb: fc.constantFrom("arrive" as const, "reserve" as const), pieces: anyPieces }),
  fc.record({ verb: fc.constant("reserve" as const), pieces: anyPieces }),
  fc.record({ verb: fc.constantFrom("pay" as const, "pay" as const, "release" as const), line: anyLine }),
  fc.record({ verb: fc.constant("unsell" as const), line: anyLine, pieces: anyPieces }),
);

/** Does to the shop what `apply` does to the model; what gives or admits pieces serves afterwards, as the ops do. */
const perform = async (skuId: string, lines: Placed[], { ask, model }: { ask: Ask; model: Model }) => {
  const scene = shelf.scene();
  if (ask.verb === "arrive") await shelf.receipt(skuId, ask.pieces);
  if (ask.verb === "reserve") lines.push(await shelf.reserveLine(skuId, ask.pieces));
  if (ask.verb === "pay" || ask.verb === "release" || ask.verb === "unsell") {
    const [line, known] = [lines[ask.line], model.lines[ask.line]];
    if (line === undefined || known === undefined) return;
    if (ask.verb === "release") await release({ holdId: line.holdId }, scene);
    if (ask.verb === "pay" && known.state !== "cancelled") {
      await commit({ holdId: line.holdId }, scene);
      await enqueue({ orderId: line.orderId }, scene);
    }
    if (ask.verb === "unsell" && ["sold", "waiting", "served"].includes(known.state)) {
      const pieces = partOf(ask, known.pieces);
      await unsell({ reference: line.lineId, lines: [{ lineId: line.lineId, skuId, pieces }] }, scene);
    }
  }
  await shelf.served(skuId);
};

const statesOf = async (skuId: string): Promise<Record<string, string>> => {
  const rows = await base.db.$client<{ lineId: string; state: string }[]>`
    select line_id as "lineId", state from inventory.backorder where sku_id = ${skuId}`;
  return Object.fromEntries(rows.map(({ lineId, state }) => [lineId, state]));
};

const servedOrder = async (skuId: string): Promise<string[]> => {
  const rows = await base.db.$client<{ reference: string }[]>`
    select reference from inventory.movement where sku_id = ${skuId} and reason = 'serve' order by position`;
  return rows.map(({ reference }) => reference);
};

beforeAll(async () => {
  base = await testDatabase("inventory");
  shelf = openShelf(base);
});
afterAll(() => base.close());

it("Backorder: any steps in any order serve whom the model serves, when it does, and leave its level", async () => {
  const runOne = async (asks: readonly Ask[]): Promise<void> => {
    const skuId = await shelf.stocked(0);
    const model = emptyModel();
    const lines: Placed[] = [];
    for (const ask of asks) {
      await perform(skuId, lines, { ask, model });
      apply(model, ask);
      const { onHand, held, sold } = model;
      expect([ask, await shelf.numbers(skuId)]).toEqual([ask, { onHand, held, sold }]);
    }
    const order = await servedOrder(skuId);
    expect(new Set(order)).toEqual(new Set(model.servedOrder.map((at) => lines[at]?.lineId)));
    expect(order).toHaveLength(model.servedOrder.length);
    const states = await statesOf(skuId);
    // A line that was held is none that waits.
    const waits = model.lines.flatMap(({ state }, at) => {
      const { lineId } = lines[at]!;
      return lineId in states ? [[lineId, state]] : [];
    });
    expect(states).toEqual(Object.fromEntries(waits));
    expect(await audit({}, shelf.scene())).toEqual({ drifted: [] });
  };
  await fc.assert(fc.asyncProperty(fc.array(anyAsk, { minLength: 10, maxLength: 40 }), runOne), {
    numRuns: 40,
  });
}, 60_000);

it("Backorder: receipts, cancellations and serves at once serve nobody twice and nobody out of order", async () => {
  const anyRush = fc.record({
    queue: fc.array(anyPieces, { minLength: 2, maxLength: 12 }),
    receipts: fc.array(anyPieces, { minLength: 2, maxLength: 8 }),
    cancelled: fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 4 }),
  });
  const runOne = async ({
    queue,
    receipts,
    cancelled,
  }: { [K in "queue" | "receipts" | "cancelled"]: number[] }) => {
    const skuId = await shelf.stocked(0);
    const lines: Placed[] = [];
    for (const pieces of queue) lines.push(await shelf.waiting(skuId, pieces));
    const cancel = async ({ lineId, pieces }: Placed) => {
      await unsell({ reference: lineId, lines: [{ lineId, skuId, pieces }] }, shelf.scene());
      await shelf.served(skuId);
    };
    await Promise.all([
      ...receipts.map(async (pieces) => {
        await shelf.receipt(skuId, pieces);
        await shelf.served(skuId);
      }),
      ...lines.filter((_, at) => cancelled.includes(at)).map(cancel),
    ]);
    const placed = lines.map(({ lineId }) => lineId);
    const order = await servedOrder(skuId);
    expect(new Set(order).size).toBe(order.length);
    const states = await statesOf(skuId);
    const isWaiting = (lineId: string) => states[lineId] === "waiting";
    const lastServed = Math.max(0, ...order.map((lineId) => placed.indexOf(lineId)));
    expect(placed.slice(0, lastServed).filter(isWaiting)).toEqual([]);
    const { onHand, sold } = await shelf.numbers(skuId);
    const next = lines.find(({ lineId }) => isWaiting(lineId))?.pieces ?? Number.POSITIVE_INFINITY;
    expect(next).toBeGreaterThan(onHand - sold);
    expect(await audit({}, shelf.scene())).toEqual({ drifted: [] });
  };
  await fc.assert(fc.asyncProperty(anyRush, runOne), { numRuns: 40 });
}, 60_000);

it("Backorder: baskets over the same SKUs, in any order and at once, never wait for each other in a circle", async () => {
  const skuIds = await Promise.all(Array.from({ length: 4 }, () => shelf.stocked(10)));
  const deadlockCount = async () =>
    (await base.db.$client`select deadlocks from pg_stat_database where datname = current_database()`)[0];
  const before = await deadlockCount();
  const scene = shelf.scene();
  const buy = async (turn: number): Promise<void> => {
    const [holdId, orderId] = [freshId("hld"), freshId("ord")];
    const basket = turn % 2 === 0 ? skuIds : skuIds.toReversed();
    const lines = basket.map((skuId) => ({
      skuId,
      pieces: 1 + (turn % 3),
      backorder: { orderId, lineId: freshId("lin") },
    }));
    await reserve({ holdId, lines }, scene);
    if (turn % 5 === 0) return void (await release({ holdId }, scene));
    await commit({ holdId }, scene);
    await enqueue({ orderId }, scene);
    await serve({ reference: orderId, skuIds: basket }, scene);
    if (turn % 3 !== 0) return;
    const back = lines.map(({ skuId, pieces, backorder: { lineId } }) => ({ skuId, pieces, lineId }));
    await unsell({ reference: orderId, lines: back }, scene);
  };
  const arrivals = Array.from({ length: 40 }, (_, at) => shelf.receipt(skuIds[at % 4]!, 2));
  await Promise.all([...Array.from({ length: 60 }, (_, turn) => buy(turn)), ...arrivals]);
  expect(await deadlockCount()).toEqual(before);
  expect(await audit({}, scene)).toEqual({ drifted: [] });
});
