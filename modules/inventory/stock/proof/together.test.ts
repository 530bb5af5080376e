import fc from "fast-check";
import { freshId } from "@shopnexus/contracts/kit/id";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { openMetrics } from "#tools/testkit/metrics.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { QUEUE_MAX } from "../../_kit/together.ts";
import { audit } from "../audit.ts";
import { book } from "../book.ts";
import { commit } from "../commit.ts";
import { level } from "../level.ts";
import { open } from "../open.ts";
import { release } from "../release.ts";
import { reserve } from "../reserve.ts";
import { answerOf, emptyModel, SKU_COUNT } from "./model.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));
const metrics = openMetrics();

const stocked = async (pieces: number): Promise<string> => {
  const skuId = freshId("sku");
  await open({ sellerId, skuIds: [skuId] }, scene());
  if (pieces > 0) await book({ sellerId, receiptId: "first", skuId, pieces }, scene());
  return skuId;
};
/** "ok", the code of the refusal, or that it is a fault. */
const tell = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return "ok";
  } catch (error) {
    return error instanceof RefusalError ? error.code : "fault";
  }
};
const want = (skuId: string, pieces = 1, holdId = freshId("hld")) =>
  tell(reserve({ holdId, lines: [{ skuId, pieces }] }, scene()));
const many = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const numbers = async (skuId: string) => {
  const { held, sold } = await level({ skuId }, scene());
  return { held, sold };
};
const failedBatches = () => metrics.sumOf("shopnexus_batch_failed_total");
const transactions = async (): Promise<number> => {
  const [row] = await base.db.$client<{ n: number }[]>`
    select pg_snapshot_xmax(pg_current_snapshot())::text::float8 as n`;
  return row?.n ?? 0;
};

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterEach(async () => {
  expect(await audit({}, scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

describe("Stock, many at once in one process", () => {
  it("reserves, commits and releases share transactions, and no batch has to be taken apart", async () => {
    const [failed, skuId] = [await failedBatches(), await stocked(300)];
    const holdIds = many(300, () => freshId("hld"));
    const before = await transactions();
    expect(await Promise.all(holdIds.map((holdId) => want(skuId, 1, holdId)))).toEqual(many(300, () => "ok"));
    expect(await numbers(skuId)).toEqual({ held: 300, sold: 0 });
    await Promise.all([
      ...holdIds.slice(0, 200).map((holdId) => commit({ holdId }, scene())),
      ...holdIds.slice(200).map((holdId) => release({ holdId }, scene())),
    ]);
    expect(await numbers(skuId)).toEqual({ held: 0, sold: 200 });
    // Each of the three goes once by itself; the rest goes in trips of a hundred and more. Other tests may write, too.
    expect((await transactions()) - before).toBeLessThan(150);
    expect(await failedBatches()).toBe(failed);
  });

  it("Stock/reserve: the last pieces go to who came first, and who does not fit lets who fits pass", async () => {
    const skuId = await stocked(5);
    const wishes = [1, 2, 3, 1, 2, 1, 1];
    const answers = await Promise.all(wishes.map((pieces) => want(skuId, pieces)));
    expect(answers).toEqual(["ok", "ok", "OUT_OF_STOCK", "ok", "OUT_OF_STOCK", "ok", "OUT_OF_STOCK"]);
  });

  it("Stock/reserve: reserves at once answer as one after the other in the order of coming would", async () => {
    const anyPieces = fc.constantFrom([1, 0, 0], [1, 2, 0], [0, 1, 1], [2, 1, 1], [0, 0, 3]);
    const anyAsk = fc.record({
      verb: fc.constant("reserve" as const),
      hold: fc.nat({ max: 60 }),
      pieces: anyPieces,
    });
    const runOne = async (asks: readonly { verb: "reserve"; hold: number; pieces: readonly number[] }[]) => {
      const skuIds = await Promise.all(many(SKU_COUNT, () => stocked(12)));
      const holdIds = many(61, () => freshId("hld"));
      const model = emptyModel();
      for (const one of model.levels) one.onHand = 12;
      const linesOf = (pieces: readonly number[]) =>
        pieces.flatMap((count, at) => (count > 0 ? [{ skuId: skuIds[at] ?? "", pieces: count }] : []));
      const answers = await Promise.all(
        asks.map(({ hold, pieces }) =>
          tell(reserve({ holdId: holdIds[hold] ?? "", lines: linesOf(pieces) }, scene())),
        ),
      );
      expect(answers).toEqual(asks.map((ask) => answerOf(model, ask)));
    };
    await fc.assert(fc.asyncProperty(fc.array(anyAsk, { minLength: 5, maxLength: 60 }), runOne), {
      numRuns: 40,
    });
  }, 60_000);

  it("Stock/reserve: a shortage in company says what there was, as it does alone: OUT_OF_STOCK, SKU_UNKNOWN", async () => {
    const [skuId, unknown] = [await stocked(2), freshId("sku")];
    const ask = (lines: { skuId: string; pieces: number }[]) =>
      reserve({ holdId: freshId("hld"), lines }, scene()).catch(({ code, data }) => ({ code, data }));
    const [, , short, gone, lost] = await Promise.all([
      ask([{ skuId, pieces: 1 }]),
      ask([{ skuId, pieces: 1 }]),
      ask([{ skuId, pieces: 1 }]),
      ask([{ skuId, pieces: 3 }]),
      ask([{ skuId: unknown, pieces: 1 }]),
    ]);
    expect(short).toEqual({ code: "OUT_OF_STOCK", data: { short: [{ skuId, wanted: 1, available: 0 }] } });
    expect(gone).toMatchObject({ code: "OUT_OF_STOCK", data: { short: [{ skuId, wanted: 3 }] } });
    expect(lost).toEqual({ code: "SKU_UNKNOWN", data: { skuIds: [unknown] } });
  });

  it("Stock/reserve: who is late is told without a lock, also in a crowd: OUT_OF_STOCK", async () => {
    const skuId = await stocked(0);
    const sql = base.db.$client;
    await sql.begin(async (tx) => {
      await tx`select from inventory.level where sku_id = ${skuId} for update`;
      expect(await Promise.all(many(50, () => want(skuId)))).toEqual(many(50, () => "OUT_OF_STOCK"));
    });
  });

  it("Stock/reserve: a level that somebody keeps locked stops nobody else: its own buyers wait or are tried later", async () => {
    const [locked, free] = [await stocked(50), await stocked(50)];
    let stuck: Promise<string[]> | undefined;
    await base.db.$client.begin(async (tx) => {
      await tx`select from inventory.level where sku_id = ${locked} for update`;
      stuck = Promise.all(many(4, () => want(locked)));
      expect(await Promise.all(many(20, () => want(free)))).toEqual(many(20, () => "ok"));
      expect((await numbers(free)).held).toBe(20);
    });
    const [first, ...others] = (await stuck) ?? [];
    expect(first).toBe("ok");
    // By when the lock was there; a fault is tried again by Restate.
    for (const one of others) expect(["ok", "fault"]).toContain(one);
    expect(await want(locked)).toBe("ok");
  });

  it("Stock/reserve: a poisoned request fails alone, not its batch", async () => {
    const [failed, skuId] = [await failedBatches(), await stocked(50)];
    const answers = await Promise.all(many(20, (at) => want(skuId, at === 7 ? 0 : 1)));
    expect(answers).toEqual(many(20, (at) => (at === 7 ? "fault" : "ok")));
    expect(await numbers(skuId)).toEqual({ held: 19, sold: 0 });
    expect(await failedBatches()).toBe(failed + 1);
  });

  it("Stock/commit: a hold whose level is lost fails alone, not its batch", async () => {
    const [skuId, lost] = [await stocked(50), await stocked(1)];
    const holdIds = many(20, () => freshId("hld"));
    await Promise.all(holdIds.map((holdId, at) => want(at === 7 ? lost : skuId, 1, holdId)));
    const sql = base.db.$client;
    await sql`update inventory.level set sku_id = 'lost' where sku_id = ${lost}`;
    const answers = await Promise.all(holdIds.map((holdId) => tell(commit({ holdId }, scene()))));
    expect(answers).toEqual(many(20, (at) => (at === 7 ? "fault" : "ok")));
    expect(await numbers(skuId)).toEqual({ held: 0, sold: 19 });
    await sql`update inventory.level set sku_id = ${lost} where sku_id = 'lost'`;
  });

  it("Stock/reserve: who finds the queue full is refused, and its undo leaves nothing: BUSY, HOLD_GONE", async () => {
    const skuId = await stocked(QUEUE_MAX + 10);
    const holdIds = many(QUEUE_MAX + 10, () => freshId("hld"));
    const answers = await Promise.all(holdIds.map((holdId) => want(skuId, 1, holdId)));
    expect(answers.filter((one) => one === "ok")).toHaveLength(QUEUE_MAX);
    expect(answers.slice(QUEUE_MAX)).toEqual(many(10, () => "BUSY"));
    const [late = ""] = holdIds.slice(-1);
    await release({ holdId: late }, scene());
    expect(await want(skuId, 1, late)).toBe("HOLD_GONE");
    expect(await numbers(skuId)).toEqual({ held: QUEUE_MAX, sold: 0 });
    expect(await want(skuId)).toBe("ok");
  });

  it("Stock: an undo that comes before or with its do, in a crowd, ends with nothing held: HOLD_GONE or given back", async () => {
    const skuId = await stocked(100);
    const holdIds = many(60, () => freshId("hld"));
    const early = holdIds.slice(0, 20);
    await Promise.all(early.map((holdId) => release({ holdId }, scene())));
    const answers = await Promise.all([
      ...holdIds.map((holdId) => want(skuId, 1, holdId)),
      ...holdIds.slice(20).map((holdId) => tell(release({ holdId }, scene()))),
    ]);
    expect(answers.slice(0, 20)).toEqual(many(20, () => "HOLD_GONE"));
    expect(answers.slice(60)).toEqual(many(40, () => "ok"));
    expect(await numbers(skuId)).toEqual({ held: 0, sold: 0 });
  });
});
