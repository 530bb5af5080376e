import { HOLD_MS } from "@shopnexus/contracts/inventory/stock";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "../audit.ts";
import { commit } from "../commit.ts";
import { level } from "../level.ts";
import { open } from "../open.ts";
import { book } from "../book.ts";
import { release } from "../release.ts";
import { reserve } from "../reserve.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });

const stocked = async (...pieces: number[]): Promise<string[]> => {
  const skuIds = pieces.map(() => freshId("sku"));
  await open({ sellerId, skuIds }, scene());
  for (const [at, skuId] of skuIds.entries()) {
    if (pieces[at]! > 0) await book({ sellerId, receiptId: "first", skuId, pieces: pieces[at]! }, scene());
  }
  return skuIds;
};
const lines = (skuIds: readonly string[], pieces = 1) => skuIds.map((skuId) => ({ skuId, pieces }));
const heldOf = async (skuId: string) => (await level({ skuId }, scene())).held;

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterEach(async () => {
  expect(await audit({}, scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

describe("Stock/reserve", () => {
  it("sets the pieces of all lines aside for a quarter of an hour", async () => {
    const [one, other] = await stocked(5, 5);
    const before = Date.now();
    const hold = await reserve({ holdId: freshId("hld"), lines: lines([one!, other!], 2) }, scene());
    const lastsMs = Date.parse(hold.expiresAt) - before;
    expect(lastsMs).toBeGreaterThanOrEqual(HOLD_MS - 1_000);
    expect(lastsMs).toBeLessThanOrEqual(HOLD_MS + 10_000);
    expect([await heldOf(one!), await heldOf(other!)]).toEqual([2, 2]);
  });

  it("the same hold twice holds once, whatever the order of its lines", async () => {
    const skuIds = await stocked(5, 5);
    const holdId = freshId("hld");
    const first = await reserve({ holdId, lines: lines(skuIds, 2) }, scene());
    const again = await reserve({ holdId, lines: lines(skuIds.toReversed(), 2) }, scene());
    expect(again).toEqual(first);
    expect(await heldOf(skuIds[0]!)).toBe(2);
  });

  it("the same hold many times at once holds once, and all get the same answer", async () => {
    const skuIds = await stocked(3, 3);
    const ask = { holdId: freshId("hld"), lines: lines(skuIds, 2) };
    const answers = await Promise.all(Array.from({ length: 16 }, () => reserve(ask, scene())));
    expect(new Set(answers.map(({ expiresAt }) => expiresAt)).size).toBe(1);
    expect(await heldOf(skuIds[0]!)).toBe(2);
  });

  it("the same hold again is the same hold when nothing is left, and when it is committed", async () => {
    const skuIds = await stocked(2);
    const ask = { holdId: freshId("hld"), lines: lines(skuIds, 2) };
    const first = await reserve(ask, scene());
    expect(await reserve(ask, scene())).toEqual(first);
    await commit({ holdId: ask.holdId }, scene());
    expect(await reserve(ask, scene())).toEqual(first);
  });

  it("holds all lines or none, and lists every line that is short: OUT_OF_STOCK", async () => {
    const [plenty, few, none] = (await stocked(9, 2, 0)) as [string, string, string];
    const ask = { holdId: freshId("hld"), lines: lines([none, plenty, few], 3) };
    const short = [
      { skuId: few, wanted: 3, available: 2 },
      { skuId: none, wanted: 3, available: 0 },
    ].toSorted((a, b) => (a.skuId < b.skuId ? -1 : 1));
    const asked = reserve(ask, scene()).catch(({ code, data }) => ({ code, short: sorted(data.short) }));
    expect(await asked).toEqual({ code: "OUT_OF_STOCK", short });
    expect(await heldOf(plenty)).toBe(0);
  });

  it("a hold that was short can be made under the same id once there is stock", async () => {
    const [skuId] = (await stocked(0)) as [string];
    const ask = { holdId: freshId("hld"), lines: lines([skuId]) };
    await expect(reserve(ask, scene())).rejects.toThrow(refused("OUT_OF_STOCK"));
    await book({ sellerId, receiptId: "second", skuId, pieces: 1 }, scene());
    await reserve(ask, scene());
    expect(await heldOf(skuId)).toBe(1);
  });

  it("refuses SKUs without a level and holds nothing: SKU_UNKNOWN", async () => {
    const [skuId] = (await stocked(5)) as [string];
    const unknown = freshId("sku");
    await expect(
      reserve({ holdId: freshId("hld"), lines: lines([skuId, unknown]) }, scene()),
    ).rejects.toThrow(refused("SKU_UNKNOWN", { skuIds: [unknown] }));
    expect(await heldOf(skuId)).toBe(0);
  });

  it("refuses other lines under the same id: HOLD_DIFFERS", async () => {
    const [one, other] = (await stocked(5, 5)) as [string, string];
    const holdId = freshId("hld");
    await reserve({ holdId, lines: lines([one], 2) }, scene());
    for (const different of [lines([one], 3), lines([other], 2), lines([one, other], 2)]) {
      await expect(reserve({ holdId, lines: different }, scene())).rejects.toThrow(refused("HOLD_DIFFERS"));
    }
    expect([await heldOf(one), await heldOf(other)]).toEqual([2, 0]);
  });

  it("refuses a hold that was released: HOLD_GONE", async () => {
    const skuIds = await stocked(5);
    const ask = { holdId: freshId("hld"), lines: lines(skuIds) };
    await reserve(ask, scene());
    await release({ holdId: ask.holdId }, scene());
    await expect(reserve(ask, scene())).rejects.toThrow(refused("HOLD_GONE", { state: "released" }));
  });

  it("refuses one SKU on two lines: INVALID_INPUT", async () => {
    const [skuId] = (await stocked(1)) as [string];
    await expect(reserve({ holdId: freshId("hld"), lines: lines([skuId, skuId]) }, scene())).rejects.toThrow(
      refused("INVALID_INPUT"),
    );
    expect(await heldOf(skuId)).toBe(0);
  });

  it("takes the largest order there is: 100 lines", async () => {
    const skuIds = await stocked(...Array<number>(100).fill(9_999));
    await reserve({ holdId: freshId("hld"), lines: lines(skuIds, 9_999) }, scene());
    expect(await heldOf(skuIds[99]!)).toBe(9_999);
  });
});

const sorted = (short: { skuId: string }[]) => short.toSorted((a, b) => (a.skuId < b.skuId ? -1 : 1));

describe("inventory's tables", () => {
  it.each([
    ["level_never_below_zero", "update inventory.level set on_hand = -1, held = 0 where sku_id = $1"],
    ["level_never_holds_below_zero", "update inventory.level set held = -1 where sku_id = $1"],
    ["level_never_sells_below_zero", "update inventory.level set sold = -1 where sku_id = $1"],
    ["level_never_oversold", "update inventory.level set held = on_hand + 1 where sku_id = $1"],
    ["level_never_oversold", "update inventory.level set sold = on_hand, held = 1 where sku_id = $1"],
    ["movement_append_only", "update inventory.movement set held_delta = 7 where sku_id = $1"],
    ["movement_append_only", "delete from inventory.movement where sku_id = $1"],
    [
      "movement_once_a_reason",
      "insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor) " +
        "select reference, sku_id, reason, 0, 1, 0, actor from inventory.movement where sku_id = $1",
    ],
    ["hold_state_known", "update inventory.hold set state = 'lost' where $1 = any (sku_ids)"],
    ["hold_lines_paired", "update inventory.hold set pieces = '{1,1}' where $1 = any (sku_ids)"],
    ["hold_pieces_positive", "update inventory.hold set pieces = '{0}' where $1 = any (sku_ids)"],
    ["hold_tombstone_stays_released", "update inventory.hold set expires_at = null where $1 = any (sku_ids)"],
  ])("refuse what the code should have, by %s: %s", async (constraint, statement) => {
    const [skuId] = (await stocked(2)) as [string];
    await reserve({ holdId: freshId("hld"), lines: lines([skuId]) }, scene());
    const broken = await base.db.$client.unsafe(statement, [skuId]).catch(brokenConstraint);
    expect(broken).toBe(constraint);
  });

  it("undo a step whose level cannot be moved, all of it", async () => {
    const [one, other] = (await stocked(2, 2)) as [string, string];
    const holdId = freshId("hld");
    await reserve({ holdId, lines: lines([one, other]) }, scene());
    const sql = base.db.$client;
    await sql`update inventory.level set sku_id = 'lost' where sku_id = ${other}`;
    const failed = await commit({ holdId }, scene()).catch(
      (error: { column_name: string }) => error.column_name,
    );
    expect(failed).toBe("on_hand_delta");
    expect(await level({ skuId: one }, scene())).toMatchObject({ held: 1, sold: 0 });
    await sql`update inventory.level set sku_id = ${other} where sku_id = 'lost'`;
    await commit({ holdId }, scene());
    expect(await level({ skuId: other }, scene())).toMatchObject({ held: 0, sold: 1 });
  });

  it("are found to have drifted when somebody writes past the steps", async () => {
    const [skuId] = (await stocked(2)) as [string];
    const sql = base.db.$client;
    await sql`update inventory.level set sold = 1 where sku_id = ${skuId}`;
    expect(await audit({}, scene())).toEqual({ drifted: [skuId] });
    await sql`update inventory.level set sold = 0 where sku_id = ${skuId}`;
  });
});
