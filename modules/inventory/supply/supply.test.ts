import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { book } from "../stock/book.ts";
import { open } from "../stock/open.ts";
import { reserve } from "../stock/reserve.ts";
import { availability } from "./availability.ts";
import { configure } from "./configure.ts";
import { notice } from "./notice.ts";
import { settings } from "./settings.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));
const asSeller = (accountId = sellerId) => sceneOf(base.db, asAccount(accountId, "seller"));
const refused = (code: string) => expect.objectContaining({ code });
const settingsOf = (skuId: string, reorderPoint: number | null) => ({
  skuId,
  backorder: false,
  serials: false,
  reorderPoint,
  supplierEmail: "more@supplier.example",
});

let receiptCount = 0;
const receipt = (skuId: string, pieces: number) =>
  book({ sellerId, receiptId: `note-${++receiptCount}`, skuId, pieces }, scene());
/** A SKU with so many pieces and this reorder point. */
const stocked = async (pieces: number, reorderPoint: number | null): Promise<string> => {
  const skuId = freshId("sku");
  await open({ sellerId, skuIds: [skuId] }, scene());
  if (reorderPoint !== null) await configure(settingsOf(skuId, reorderPoint), asSeller());
  if (pieces > 0) await receipt(skuId, pieces);
  return skuId;
};
const sell = (skuId: string, pieces: number) =>
  reserve({ holdId: freshId("hld"), lines: [{ skuId, pieces }] }, scene());
const noticed = async (skuId: string, reference = freshId("ord")) => {
  const { dips } = await notice({ skuIds: [skuId], reference }, scene());
  return dips.map(({ dip, available }) => [dip, available]);
};

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

describe("Supply/availability", () => {
  it("what nobody has spoken for, and whether a buyer may wait, in the order asked; unknown ones are left out", async () => {
    const [plain, waiting] = [await stocked(5, null), await stocked(2, 3)];
    await configure({ ...settingsOf(waiting, 3), backorder: true }, asSeller());
    await sell(plain, 4);
    expect(await availability({ skuIds: [waiting, freshId("sku"), plain] }, scene())).toEqual({
      skus: [
        { skuId: waiting, available: 2, mayWait: true },
        { skuId: plain, available: 1, mayWait: false },
      ],
    });
  });
});

describe("Supply/configure", () => {
  it("is read back, and the last one holds", async () => {
    const skuId = await stocked(0, null);
    expect(await settings({ skuId }, asSeller())).toMatchObject({
      skuId,
      backorder: false,
      serials: false,
      reorderPoint: null,
      supplierEmail: null,
    });
    const wanted = { ...settingsOf(skuId, 3), backorder: true, serials: true };
    for (const _ of [1, 2]) expect(await configure(wanted, asSeller())).toEqual(wanted);
    expect(await settings({ skuId }, asSeller())).toMatchObject(wanted);
    const plain = { ...settingsOf(skuId, null), supplierEmail: null };
    await configure(plain, asSeller());
    expect(await settings({ skuId }, asSeller())).toMatchObject(plain);
  });

  it("refuses an unknown SKU and somebody else's, to write and to read: SKU_UNKNOWN", async () => {
    const skuId = await stocked(0, 3);
    for (const [ask, seller] of [
      [settingsOf(skuId, 9), asSeller(freshId("acc"))],
      [settingsOf(freshId("sku"), 9), asSeller()],
    ] as const) {
      await expect(configure(ask, seller)).rejects.toThrow(refused("SKU_UNKNOWN"));
      await expect(settings({ skuId: ask.skuId }, seller)).rejects.toThrow(refused("SKU_UNKNOWN"));
    }
    expect(await settings({ skuId }, asSeller())).toMatchObject({ reorderPoint: 3 });
  });
});

describe("Supply/notice", () => {
  it("begins a dip once a SKU stands below its point, and not at it", async () => {
    const skuId = await stocked(5, 4);
    expect(await noticed(skuId)).toEqual([]);
    await sell(skuId, 1);
    expect(await noticed(skuId)).toEqual([]);
    await sell(skuId, 1);
    const { dips } = await notice({ skuIds: [skuId], reference: "sale" }, scene());
    const supplierEmail = "more@supplier.example";
    expect(dips).toEqual([{ skuId, sellerId, dip: 1, available: 3, reorderPoint: 4, supplierEmail }]);
  });

  it("gives one dip one notice, whoever comes, twenty at once; to a repeat the same", async () => {
    const skuId = await stocked(1, 4);
    const references = Array.from({ length: 20 }, () => freshId("ord"));
    const all = await Promise.all(references.map((reference) => noticed(skuId, reference)));
    const first = all.findIndex((dips) => dips.length > 0);
    expect(all.flat()).toEqual([[1, 1]]);
    await sell(skuId, 1);
    expect(await noticed(skuId)).toEqual([]);
    expect(await noticed(skuId, references[first])).toEqual([[1, 1]]);
  });

  it("begins the next dip only after stock has lifted the SKU to its point", async () => {
    const skuId = await stocked(0, 4);
    expect(await noticed(skuId)).toEqual([[1, 0]]);
    await receipt(skuId, 3);
    expect(await noticed(skuId)).toEqual([]);
    await receipt(skuId, 1);
    expect(await noticed(skuId)).toEqual([]);
    await sell(skuId, 2);
    expect(await noticed(skuId)).toEqual([[2, 2]]);
  });

  it("a point that is lowered or taken away ends the dip", async () => {
    const skuId = await stocked(2, 4);
    expect(await noticed(skuId)).toEqual([[1, 2]]);
    await configure(settingsOf(skuId, 2), asSeller());
    await configure(settingsOf(skuId, 4), asSeller());
    expect(await noticed(skuId)).toEqual([[2, 2]]);
  });

  it("at once with the receipt that ends it never leaves a dip open that is over", async () => {
    for (let turn = 0; turn < 20; turn += 1) {
      const skuId = await stocked(1, 4);
      await Promise.all([noticed(skuId), receipt(skuId, 9), noticed(skuId)]);
      const open = await base.db.$client`
        select from inventory.dip where sku_id = ${skuId} and state = 'open'`;
      expect(open).toHaveLength(0);
    }
  });

  it("says nothing of SKUs without a point, and looks at many at once", async () => {
    const [plain, low] = [await stocked(0, null), await stocked(0, 1)];
    const { dips } = await notice({ skuIds: [plain, low, freshId("sku")], reference: "many" }, scene());
    expect(dips.map(({ skuId }) => skuId)).toEqual([low]);
  });
});
