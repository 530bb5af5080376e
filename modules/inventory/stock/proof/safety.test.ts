import { freshId } from "@shopnexus/contracts/kit/id";
import { HOUR_MS, instant } from "@shopnexus/contracts/kit/time";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { openShelf } from "../../backorder/proof/shop.ts";
import { announce } from "../../drop/announce.ts";
import { correct } from "../../shelf/correct.ts";
import { availability } from "../../supply/availability.ts";
import { configure } from "../../supply/configure.ts";
import { settings } from "../../supply/settings.ts";
import { audit } from "../audit.ts";
import { commit } from "../commit.ts";
import { level } from "../level.ts";
import { release } from "../release.ts";
import { reserve } from "../reserve.ts";

let base: TestDatabase;
let shelf: ReturnType<typeof openShelf>;
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });

const keepBack = (skuId: string, safetyStock: number, backorder = false) =>
  configure(
    { skuId, backorder, serials: false, reorderPoint: null, supplierEmail: null, safetyStock },
    shelf.seller(),
  );
/** Five pieces, of which so many are not sold. */
const five = async (safetyStock: number, backorder = false): Promise<string> => {
  const skuId = await shelf.stocked(5);
  await keepBack(skuId, safetyStock, backorder);
  return skuId;
};
const hold = async (...lines: [skuId: string, pieces: number][]): Promise<string> => {
  const holdId = freshId("hld");
  await reserve({ holdId, lines: lines.map(([skuId, pieces]) => ({ skuId, pieces })) }, shelf.scene());
  return holdId;
};
const short = (skuId: string, wanted: number, available: number) =>
  refused("OUT_OF_STOCK", { short: [{ skuId, wanted, available }] });
const availableOf = async (skuId: string) => (await level({ skuId }, shelf.scene())).available;

beforeAll(async () => {
  base = await testDatabase("inventory");
  shelf = openShelf(base);
});
afterEach(async () => {
  expect(await audit({}, shelf.scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

describe("safety stock", () => {
  it("is not sold to who comes alone, with one line or with several: OUT_OF_STOCK", async () => {
    const [skuId, other] = [await five(2), await five(0)];
    await expect(hold([skuId, 4])).rejects.toThrow(short(skuId, 4, 3));
    await expect(hold([skuId, 4], [other, 1])).rejects.toThrow(short(skuId, 4, 3));
    await hold([skuId, 1], [other, 5]);
    await hold([skuId, 2]);
    await expect(hold([skuId, 1])).rejects.toThrow(short(skuId, 1, 0));
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 5, held: 3, sold: 0 });
  });

  it("is not sold to any of many who come together: OUT_OF_STOCK", async () => {
    const skuId = await five(2);
    const all = await Promise.allSettled(Array.from({ length: 30 }, () => hold([skuId, 1])));
    const reasons = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(reasons).toHaveLength(27);
    for (const reason of reasons) expect(reason).toEqual(short(skuId, 1, 0));
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 5, held: 3, sold: 0 });
  });

  it("serves no line that waits, before it is lowered", async () => {
    const skuId = await five(5, true);
    const { lineId } = await shelf.waiting(skuId, 2);
    expect(await shelf.served(skuId)).toEqual([]);
    await shelf.receipt(skuId, 1);
    expect(await shelf.served(skuId)).toEqual([]);
    await keepBack(skuId, 4, true);
    expect(await shelf.served(skuId)).toEqual([lineId]);
    expect(await availableOf(skuId)).toBe(0);
  });

  it("goes into no drop: OUT_OF_STOCK", async () => {
    const skuId = await five(2);
    const price = { minor: 100, currency: "USD" as const };
    const announced = (units: number) =>
      announce(
        {
          dropId: freshId("drp"),
          room: "queue",
          limit: 1,
          startsAt: instant(Date.now()),
          endsAt: instant(Date.now() + HOUR_MS),
          skus: [{ skuId, units, price, waiting: 0 }],
        },
        shelf.seller(),
      );
    await expect(announced(4)).rejects.toThrow(short(skuId, 4, 3));
    await announced(3);
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 5, held: 3, sold: 0 });
  });

  it("may be raised above what there is: what is set aside is sold or given back all the same", async () => {
    const skuId = await five(0);
    const [sold, freed] = [await hold([skuId, 2]), await hold([skuId, 3])];
    await keepBack(skuId, 100);
    await commit({ holdId: sold }, shelf.scene());
    await release({ holdId: freed }, shelf.scene());
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 2 });
    expect(await availableOf(skuId)).toBe(0);
    await expect(hold([skuId, 1])).rejects.toThrow(short(skuId, 1, 0));
  });

  it("may be used up by what is broken, and is told as the seller set it", async () => {
    const skuId = await five(2);
    const adjustment = { sellerId: shelf.sellerId, adjustmentId: "broken", skuId, cause: "damaged" as const };
    expect(await correct({ ...adjustment, delta: -4 }, shelf.scene())).toMatchObject({
      onHand: 1,
      available: 0,
    });
    expect(await settings({ skuId }, shelf.seller())).toMatchObject({ safetyStock: 2 });
  });

  it("is left out of what a cart and a level show", async () => {
    const skuId = await five(2);
    const { skus } = await availability({ skuIds: [skuId] }, shelf.scene());
    expect([skus[0]?.available, await availableOf(skuId)]).toEqual([3, 3]);
  });
});

it("Supply/configure: sets nobody else's safety stock: SKU_UNKNOWN", async () => {
  const [skuId, stranger] = [await five(1), openShelf(base)];
  const plain = { backorder: false, serials: false, reorderPoint: null, supplierEmail: null };
  await expect(configure({ skuId, ...plain, safetyStock: 5 }, stranger.seller())).rejects.toThrow(
    refused("SKU_UNKNOWN"),
  );
  expect(await availableOf(skuId)).toBe(4);
});
