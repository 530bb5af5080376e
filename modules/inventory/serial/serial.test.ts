import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { open } from "../stock/open.ts";
import { configure } from "../supply/configure.ts";
import { add } from "./add.ts";
import { list } from "./list.ts";
import { ofLines } from "./of-lines.ts";
import { putBack } from "./put-back.ts";
import { take } from "./take.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));
const asSeller = (accountId = sellerId) => sceneOf(base.db, asAccount(accountId, "seller"));
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });

/** A SKU whose pieces are numbered `1`, `2` and so on. */
const numbered = async (count: number): Promise<string> => {
  const skuId = freshId("sku");
  await open({ sellerId, skuIds: [skuId] }, scene());
  const settings = { backorder: false, serials: true, reorderPoint: null, supplierEmail: null };
  await configure({ skuId, ...settings }, asSeller());
  const serials = Array.from({ length: count }, (_, at) => String(at + 1).padStart(3, "0"));
  if (count > 0) await add({ skuId, serials }, asSeller());
  return skuId;
};
const lineOf = (skuId: string, pieces = 1) => ({ lineId: freshId("lin"), skuId, pieces });
const countOf = async (skuId: string, state: string): Promise<number> => {
  const { items } = await list({ skuId, limit: 100 }, asSeller());
  return items.filter((item) => item.state === state).length;
};

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

describe("Serial/add", () => {
  it("adds each number once, also at once, and says how many are free", async () => {
    const skuId = await numbered(0);
    const ask = { skuId, serials: ["b", "a", "b"] };
    const all = await Promise.all(Array.from({ length: 20 }, () => add(ask, asSeller())));
    expect(new Set(all.map(({ freeCount }) => freeCount))).toEqual(new Set([2]));
    expect(await add({ skuId, serials: ["c", "a"] }, asSeller())).toEqual({ freeCount: 3 });
  });

  it("keeps the same number of two SKUs apart", async () => {
    const [one, other] = [await numbered(1), await numbered(1)];
    expect([await countOf(one, "free"), await countOf(other, "free")]).toEqual([1, 1]);
  });

  it("refuses an unknown SKU and somebody else's: SKU_UNKNOWN", async () => {
    const ask = { skuId: await numbered(0), serials: ["a"] };
    await expect(add(ask, asSeller(freshId("acc")))).rejects.toThrow(refused("SKU_UNKNOWN"));
    await expect(add({ ...ask, skuId: freshId("sku") }, asSeller())).rejects.toThrow(refused("SKU_UNKNOWN"));
  });
});

describe("Serial/list", () => {
  it("shows all of them, oldest first, by page, with the lines they went with", async () => {
    const skuId = await numbered(5);
    const line = lineOf(skuId, 2);
    await take(line, scene());
    const first = await list({ skuId, limit: 3 }, asSeller());
    expect(first.items).toEqual([
      { serial: "001", state: "taken", lineId: line.lineId },
      { serial: "002", state: "taken", lineId: line.lineId },
      { serial: "003", state: "free", lineId: null },
    ]);
    const second = await list({ skuId, limit: 3, after: first.next ?? "" }, asSeller());
    expect(second.items.map(({ serial }) => serial)).toEqual(["004", "005"]);
    expect(second.next).toBeUndefined();
  });

  it("refuses somebody else's SKU, and a cursor that no page gave: SKU_UNKNOWN, INVALID_INPUT", async () => {
    const skuId = await numbered(1);
    await expect(list({ skuId }, asSeller(freshId("acc")))).rejects.toThrow(refused("SKU_UNKNOWN"));
    await expect(list({ skuId, after: "one" }, asSeller())).rejects.toThrow(refused("INVALID_INPUT"));
  });
});

describe("Serial/take", () => {
  it("takes the oldest, one for each piece", async () => {
    const skuId = await numbered(4);
    expect(await take(lineOf(skuId, 2), scene())).toEqual({ serials: ["001", "002"] });
    expect(await take(lineOf(skuId, 2), scene())).toEqual({ serials: ["003", "004"] });
  });

  it("the same line again, also twenty at once, has the same numbers", async () => {
    const skuId = await numbered(9);
    const line = lineOf(skuId, 3);
    const all = await Promise.all(Array.from({ length: 20 }, () => take(line, scene())));
    for (const one of [...all, await take(line, scene())]) expect(one).toEqual(all[0]);
    expect(all[0]?.serials).toHaveLength(3);
    expect(await countOf(skuId, "taken")).toBe(3);
  });

  it("of twenty lines at once each has its own, and as many as there are numbers for: SERIALS_SHORT", async () => {
    const skuId = await numbered(25);
    const lines = Array.from({ length: 20 }, () => lineOf(skuId, 2));
    const all = await Promise.allSettled(lines.map((line) => take(line, scene())));
    const taken = all.flatMap((one) => (one.status === "fulfilled" ? one.value.serials : []));
    expect([taken.length, new Set(taken).size]).toEqual([24, 24]);
    const short = all.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : []));
    expect(short).toEqual(Array(8).fill("SERIALS_SHORT"));
  });

  it("takes none where pieces have no numbers, and remembers that", async () => {
    const skuId = freshId("sku");
    await open({ sellerId, skuIds: [skuId] }, scene());
    await add({ skuId, serials: ["a"] }, asSeller());
    const line = lineOf(skuId);
    expect(await take(line, scene())).toEqual({ serials: [] });
    const settings = { backorder: false, serials: true, reorderPoint: null, supplierEmail: null };
    await configure({ skuId, ...settings }, asSeller());
    expect(await take(line, scene())).toEqual({ serials: [] });
    expect(await countOf(skuId, "free")).toBe(1);
  });

  it("refuses too few, takes none of them, and can be asked again once there are more: SERIALS_SHORT", async () => {
    const skuId = await numbered(2);
    const line = lineOf(skuId, 3);
    await expect(take(line, scene())).rejects.toThrow(refused("SERIALS_SHORT", { needed: 3, free: 2 }));
    expect(await countOf(skuId, "taken")).toBe(0);
    await add({ skuId, serials: ["003"] }, asSeller());
    expect(await take(line, scene())).toEqual({ serials: ["001", "002", "003"] });
  });
});

describe("Serial/putBack", () => {
  it("frees the numbers of a line, once, for the next", async () => {
    const skuId = await numbered(2);
    const line = lineOf(skuId, 2);
    await take(line, scene());
    await Promise.all(Array.from({ length: 20 }, () => putBack({ lineId: line.lineId }, scene())));
    expect(await countOf(skuId, "free")).toBe(2);
    expect(await take(lineOf(skuId, 2), scene())).toEqual({ serials: ["001", "002"] });
    await putBack({ lineId: line.lineId }, scene());
    expect(await countOf(skuId, "taken")).toBe(2);
  });

  it("makes a take that comes late refuse, after it and without it: SERIALS_GONE", async () => {
    const skuId = await numbered(2);
    const [taken, never] = [lineOf(skuId), lineOf(skuId)];
    await take(taken, scene());
    for (const line of [taken, never]) {
      await putBack({ lineId: line.lineId }, scene());
      await expect(take(line, scene())).rejects.toThrow(refused("SERIALS_GONE"));
    }
    expect(await countOf(skuId, "free")).toBe(2);
  });

  it("at once with its take leaves the line without numbers", async () => {
    const skuId = await numbered(20);
    const lines = Array.from({ length: 20 }, () => lineOf(skuId));
    await Promise.allSettled(
      lines.flatMap((line) => [take(line, scene()), putBack({ lineId: line.lineId }, scene())]),
    );
    expect(await countOf(skuId, "free")).toBe(20);
  });
});

describe("Serial/ofLines", () => {
  it("gives the numbers of each line, in the order asked, none for a line without", async () => {
    const skuId = await numbered(3);
    const [one, two, none] = [lineOf(skuId, 2), lineOf(skuId), freshId("lin")];
    for (const line of [one, two]) await take(line, scene());
    expect(await ofLines({ lineIds: [two.lineId, none, one.lineId] }, scene())).toEqual({
      lines: [
        { lineId: two.lineId, serials: ["003"] },
        { lineId: none, serials: [] },
        { lineId: one.lineId, serials: ["001", "002"] },
      ],
    });
  });
});

it.each([
  ["serial_state_known", "update inventory.serial set state = 'lost' where sku_id = $1"],
  ["serial_taken_for_a_line", "update inventory.serial set state = 'taken' where sku_id = $1"],
  ["serial_once_a_sku", "insert into inventory.serial (sku_id, serial) values ($1, '001')"],
])("inventory's table of serial numbers refuses, by %s: %s", async (constraint, statement) => {
  const skuId = await numbered(1);
  expect(await base.db.$client.unsafe(statement, [skuId]).catch(brokenConstraint)).toBe(constraint);
});
