import { createHash, randomUUID } from "node:crypto";
import type { ImportKind } from "@shopnexus/contracts/inventory/import";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { openShelf } from "../backorder/proof/shop.ts";
import { add } from "../location/add.ts";
import { list as listSerials } from "../serial/list.ts";
import { list as listShelves } from "../shelf/list.ts";
import { audit } from "../stock/audit.ts";
import { commit } from "../stock/commit.ts";
import { open as openLevels } from "../stock/open.ts";
import { take } from "../serial/take.ts";
import { find } from "./find.ts";
import { forget } from "./forget.ts";
import { open } from "./open.ts";
import { inParts } from "./rules.ts";
import { settle } from "./settle.ts";
import { stage } from "./stage.ts";

let base: TestDatabase;
let shop: ReturnType<typeof openShelf>;
const stranger = () => sceneOf(base.db, asAccount(freshId("acc"), "seller"));
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });

type Row = readonly [sku: string, value: string | number];
const digestOf = (rows: readonly Row[]) => createHash("sha256").update(JSON.stringify(rows)).digest("hex");

/** Sends a file up to its end, whose booking is left to the caller. */
const sent = async (
  rows: readonly Row[],
  kind: ImportKind = "stocktake",
  attemptId: string = randomUUID(),
) => {
  const { importId } = await open({ kind, attemptId }, shop.seller());
  const uploadId = randomUUID();
  const lined = rows.map(([sku, value], at) => ({ line: at + 1, sku, value: String(value) }));
  for (const part of inParts(lined, 1_000)) await stage({ importId, uploadId, rows: part }, shop.seller());
  return { importId, uploadId, rowCount: rows.length, digest: digestOf(rows), sellerId: shop.sellerId };
};
const imported = async (rows: readonly Row[], kind?: ImportKind, attemptId?: string) =>
  (await settle(await sent(rows, kind, attemptId), shop.scene())).view;
const countRows = async (table: string, importId: string): Promise<number> => {
  const [row] = await base.db.$client.unsafe<{ count: number }[]>(
    `select count(*)::int as count from inventory.${table} where import_id = $1`,
    [importId],
  );
  return row?.count ?? 0;
};

beforeAll(async () => {
  base = await testDatabase("inventory");
  shop = openShelf(base);
});
afterEach(async () => {
  expect(await audit({}, shop.scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

describe("Import/settle", () => {
  it("a stocktake puts right what was found otherwise, and counts what is sold and not yet packed", async () => {
    const [same, more, fewer] = [await shop.stocked(5), await shop.stocked(5), await shop.stocked(9)];
    const { holdId, lineId } = await shop.reserveLine(fewer, 4);
    await commit({ holdId }, shop.scene());
    await take({ lineId, skuId: fewer, pieces: 4 }, shop.scene());
    const view = await imported([
      [same, 5],
      [more, 8],
      [fewer, 3],
    ]);
    expect(view).toMatchObject({ state: "applied", rowCount: 3, changedCount: 2, problemCount: 0 });
    expect(await shop.numbers(more)).toEqual({ onHand: 8, held: 0, sold: 0 });
    expect(await shop.numbers(fewer)).toEqual({ onHand: 7, held: 0, sold: 4 });
  });

  it("counts at one location, and leaves the others", async () => {
    const skuId = await shop.stocked(5);
    const { locationId } = await add({ name: "Second" }, shop.seller());
    const attempt = { kind: "stocktake" as const, attemptId: randomUUID() };
    const { importId } = await open({ ...attempt, locationId }, shop.seller());
    const file = await sent([[skuId, 7]], "stocktake", attempt.attemptId);
    expect(file.importId).toBe(importId);
    await settle(file, shop.scene());
    const { shelves } = await listShelves({ skuId }, shop.seller());
    expect(new Set(shelves.map(({ onHand }) => onHand))).toEqual(new Set([5, 7]));
  });

  it("the same file again, ten at once, is booked once; another file under its key is refused: IMPORT_DIFFERS", async () => {
    const skuId = await shop.stocked(1);
    const attemptId = randomUUID();
    const files = await Promise.all(
      Array.from({ length: 10 }, () => sent([[skuId, 4]], "stocktake", attemptId)),
    );
    const views = await Promise.all(files.map((file) => settle(file, shop.scene())));
    expect(new Set(views.map(({ view }) => JSON.stringify(view))).size).toBe(1);
    await shop.receipt(skuId, 1);
    expect(await imported([[skuId, 4]], "stocktake", attemptId)).toMatchObject({ changedCount: 1 });
    expect(await shop.numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
    await expect(imported([[skuId, 3]], "stocktake", attemptId)).rejects.toThrow(refused("IMPORT_DIFFERS"));
  });

  it("a bad row at the end of 50,000 leaves nothing behind and names its line", async () => {
    const skuIds = Array.from({ length: 49_999 }, () => freshId("sku"));
    for (const part of inParts(skuIds, 5_000))
      await openLevels({ sellerId: shop.sellerId, skuIds: part }, shop.scene());
    const good = skuIds.map((skuId): Row => [skuId, 3]);
    const bad = await imported([...good, ["sku_none", 3]]);
    expect(bad).toMatchObject({
      state: "refused",
      rowCount: 50_000,
      changedCount: 0,
      problemCount: 1,
      problems: [{ line: 50_000, problem: "sku_unknown" }],
    });
    expect(await shop.numbers(skuIds[0]!)).toEqual({ onHand: 0, held: 0, sold: 0 });
    expect(await countRows("import_row", bad.importId)).toBe(0);
    expect(await imported(good)).toMatchObject({ state: "applied", changedCount: 49_999 });
    expect(await shop.numbers(skuIds[49_998]!)).toEqual({ onHand: 3, held: 0, sold: 0 });
  }, 60_000);

  it("every bad row is told with its line and what is wrong with it, a thousand at most, and all are counted", async () => {
    const [good, sold, theirs] = [await shop.stocked(5), await shop.stocked(5), freshId("sku")];
    await shop.reserveLine(sold, 4);
    await openLevels({ sellerId: freshId("acc"), skuIds: [theirs] }, shop.scene());
    const { problems } = await imported([
      [good, 6],
      [good, 6],
      [sold, 3],
      [theirs, 1],
      [good, "-1"],
      [sold, "many"],
      [sold, "1000001"],
    ]);
    expect(problems.map(({ line, problem }) => [line, problem])).toEqual([
      [2, "twice"],
      [3, "pieces_short"],
      [4, "sku_unknown"],
      [5, "pieces_invalid"],
      [6, "pieces_invalid"],
      [7, "pieces_invalid"],
    ]);
    const many = await imported(Array.from({ length: 1_500 }, (): Row => ["nothing", 1]));
    expect([many.problemCount, many.problems.length]).toEqual([1_500, 1_000]);
    expect(await shop.numbers(good)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });

  it("pieces that were found and are waited for are told", async () => {
    const [skuId, plain] = [await shop.stocked(0), await shop.stocked(0)];
    await shop.waiting(skuId, 2);
    const { awaitedSkuIds } = await settle(
      await sent([
        [skuId, 2],
        [plain, 2],
      ]),
      shop.scene(),
    );
    expect(awaitedSkuIds).toEqual([skuId]);
    expect(await shop.served(skuId)).toHaveLength(1);
  });

  it("at once with buyers nothing is oversold, and nobody waits in a circle", async () => {
    const skuIds = await Promise.all(Array.from({ length: 8 }, () => shop.stocked(10)));
    const buys = skuIds.flatMap((skuId) => [1, 2, 3].map((pieces) => shop.reserveLine(skuId, pieces)));
    const file = (count: number) => imported(skuIds.map((skuId): Row => [skuId, count]));
    const ends = await Promise.all([file(20), file(11), file(30), ...buys].map((one) => one.catch(String)));
    expect(ends.filter((end) => typeof end === "string")).toEqual([]);
  });

  it("one that is cut off in the middle leaves nothing half done, and the next one ends it", async () => {
    const [first, last] = [await shop.stocked(1), await shop.stocked(1)].toSorted();
    const file = await sent([
      [first!, 5],
      [last!, 6],
    ]);
    const sql = base.db.$client;
    await sql.begin(async (tx) => {
      await tx`select from inventory.level where sku_id = ${last!} for update`;
      const cut = settle(file, shop.scene()).catch(() => "cut off");
      const waiting = () => tx<{ pid: number }[]>`
        select pid from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`;
      await expect.poll(waiting, { timeout: 10_000 }).toHaveLength(1);
      const [found] = await waiting();
      await tx`select pg_cancel_backend(${found!.pid})`;
      expect(await cut).toBe("cut off");
    });
    expect(await find({ importId: file.importId }, shop.seller())).toMatchObject({
      state: "open",
      rowCount: 2,
    });
    expect(await shop.numbers(first!)).toEqual({ onHand: 1, held: 0, sold: 0 });
    expect((await settle(file, shop.scene())).view).toMatchObject({ state: "applied", changedCount: 2 });
  });

  it("serial numbers are added in the order of the file, all of them or none", async () => {
    const skuId = await shop.stocked(0);
    const numbersOf = async () => {
      const { items } = await listSerials({ skuId }, shop.seller());
      return items.map(({ serial }) => serial);
    };
    const rows = ["c", "a", "b"].map((serial): Row => [skuId, serial]);
    expect(await imported(rows, "serials")).toMatchObject({ state: "applied", changedCount: 3 });
    expect(await numbersOf()).toEqual(["c", "a", "b"]);
    const bad = await imported(
      ["d", "a", "d", "x".repeat(65)].map((serial): Row => [skuId, serial]),
      "serials",
    );
    expect(bad.problems.map(({ line, problem }) => [line, problem])).toEqual([
      [2, "serial_known"],
      [3, "twice"],
      [4, "serial_invalid"],
    ]);
    expect(await numbersOf()).toEqual(["c", "a", "b"]);
  });

  it("refuses what has not arrived wholly, and takes it when it has: IMPORT_INCOMPLETE", async () => {
    const skuId = await shop.stocked(0);
    const file = await sent([[skuId, 2]]);
    const more = { ...file, rowCount: 2 };
    const data = { rowCount: 2, arrivedCount: 1 };
    await expect(settle(more, shop.scene())).rejects.toThrow(refused("IMPORT_INCOMPLETE", data));
    await settle(file, shop.scene());
    expect(await shop.numbers(skuId)).toEqual({ onHand: 2, held: 0, sold: 0 });
  });
});

describe("Import/stage", () => {
  it("tells how far a file has come, and a part that comes twice is one", async () => {
    const { importId } = await open({ kind: "stocktake", attemptId: randomUUID() }, shop.seller());
    const part = { importId, uploadId: "first", rows: [{ line: 1, sku: "a", value: "1" }] };
    for (const _ of [1, 2]) expect(await stage(part, shop.seller())).toEqual({ arrivedCount: 1 });
    await stage({ ...part, uploadId: "second" }, shop.seller());
    expect(await find({ importId }, shop.seller())).toMatchObject({ state: "open", rowCount: 1 });
  });

  it("takes nothing of a file that has ended", async () => {
    const file = await sent([[await shop.stocked(0), 2]]);
    await settle(file, shop.scene());
    const rows = [{ line: 9, sku: "late", value: "1" }];
    await stage({ importId: file.importId, uploadId: "late", rows }, shop.seller());
    expect(await countRows("import_row", file.importId)).toBe(0);
  });
});

it("Import: to anybody but its seller there is no such import: IMPORT_UNKNOWN", async () => {
  const file = await sent([[await shop.stocked(0), 2]]);
  const rows = [{ line: 9, sku: "late", value: "1" }];
  const asks = [
    () => find({ importId: file.importId }, stranger()),
    () => stage({ importId: file.importId, uploadId: "x", rows }, stranger()),
    () => settle({ ...file, sellerId: freshId("acc") }, shop.scene()),
  ];
  for (const ask of asks) await expect(ask()).rejects.toThrow(refused("IMPORT_UNKNOWN"));
});

it("Import/open: the same key is the same import, at one location: LOCATION_UNKNOWN, IMPORT_DIFFERS", async () => {
  const attempt = { kind: "stocktake" as const, attemptId: randomUUID() };
  const all = await Promise.all(Array.from({ length: 10 }, () => open(attempt, shop.seller())));
  expect(new Set(all.map(({ importId }) => importId)).size).toBe(1);
  const { locationId } = await add({ name: "Elsewhere" }, shop.seller());
  await expect(open({ ...attempt, locationId }, shop.seller())).rejects.toThrow(refused("IMPORT_DIFFERS"));
  const unknown = open({ ...attempt, locationId: freshId("loc") }, shop.seller());
  await expect(unknown).rejects.toThrow(refused("LOCATION_UNKNOWN"));
});

it("Import/forget: throws away what nobody finished for a day, and lets it be begun again", async () => {
  const skuId = await shop.stocked(0);
  const attemptId = randomUUID();
  const file = await sent([[skuId, 2]], "stocktake", attemptId);
  expect(await forget({ limit: 100 }, shop.scene())).toEqual({ forgottenCount: 0 });
  await base.db.$client`
    update inventory.import_file set opened_at = now() - interval '25 hours' where import_id = ${file.importId}`;
  expect(await forget({ limit: 100 }, shop.scene())).toEqual({ forgottenCount: 1 });
  expect(await countRows("import_row", file.importId)).toBe(0);
  await expect(settle(file, shop.scene())).rejects.toThrow(refused("IMPORT_INCOMPLETE"));
  expect(await imported([[skuId, 2]], "stocktake", attemptId)).toMatchObject({ state: "applied" });
});

it.each([
  ["import_state_known", "update inventory.import_file set state = 'lost' where import_id = $1"],
  ["import_counted_somewhere", "update inventory.import_file set location_id = null where import_id = $1"],
  ["import_ended_by_a_file", "update inventory.import_file set state = 'applied' where import_id = $1"],
])("inventory's table of files refuses, by %s", async (constraint, statement) => {
  const { importId } = await sent([["a", 1]]);
  expect(await base.db.$client.unsafe(statement, [importId]).catch(brokenConstraint)).toBe(constraint);
});
