import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { openShelf } from "../../backorder/proof/shop.ts";
import { audit } from "../audit.ts";
import { commit } from "../commit.ts";
import { movements } from "../movements.ts";
import { unsell } from "../unsell.ts";

let base: TestDatabase;
let shelf: ReturnType<typeof openShelf>;
type Line = { lineId: string; skuId: string; pieces: number };

const back = (reference: string, { lineId, skuId, pieces }: Line) =>
  unsell({ reference, lines: [{ lineId, skuId, pieces }] }, shelf.scene());
const waitingOf = async (lineId: string) => {
  const [row] = await base.db.$client<{ state: string; pieces: number }[]>`
    select state, pieces from inventory.backorder where line_id = ${lineId}`;
  return row && [row.state, row.pieces];
};

beforeAll(async () => {
  base = await testDatabase("inventory");
  shelf = openShelf(base);
});
afterEach(async () => {
  expect(await audit({}, shelf.scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

it("Stock/unsell: sold pieces are there again, once a reference, twenty at once", async () => {
  const skuId = await shelf.stocked(5);
  const { holdId, lineId } = await shelf.reserveLine(skuId, 3);
  await commit({ holdId }, shelf.scene());
  await Promise.all(Array.from({ length: 20 }, () => back("cancelled", { lineId, skuId, pieces: 2 })));
  await back("cancelled", { lineId, skuId, pieces: 1 });
  expect(await shelf.numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 1 });
  await back("refunded", { lineId, skuId, pieces: 1 });
  expect(await shelf.numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  const { items } = await movements({ skuId, limit: 2 }, shelf.seller());
  expect(items).toMatchObject([
    { reason: "return", reference: "refunded", soldDelta: -1 },
    { reason: "return", reference: "cancelled", soldDelta: -2 },
  ]);
});

it("Stock/unsell: a waiting line is given up, wholly or by so many, and no level moves", async () => {
  const skuId = await shelf.stocked(0);
  const line = await shelf.waiting(skuId, 5);
  for (const _ of [1, 2]) await back("first", { ...line, pieces: 2 });
  expect(await waitingOf(line.lineId)).toEqual(["waiting", 3]);
  await back("second", { ...line, pieces: 3 });
  await back("third", { ...line, pieces: 1 });
  expect(await waitingOf(line.lineId)).toEqual(["cancelled", 3]);
  await shelf.receipt(skuId, 9);
  expect(await shelf.served(skuId)).toEqual([]);
  expect(await shelf.numbers(skuId)).toEqual({ onHand: 9, held: 0, sold: 0 });
});

it("Stock/unsell: of a line that waited and was served the sale is taken back", async () => {
  const skuId = await shelf.stocked(0);
  const line = await shelf.waiting(skuId, 2);
  await shelf.receipt(skuId, 2);
  await shelf.served(skuId);
  for (const _ of [1, 2]) await back("refunded", line);
  expect(await shelf.numbers(skuId)).toEqual({ onHand: 2, held: 0, sold: 0 });
});

it("Stock/unsell: against a receipt that serves the same lines, each line is either served or given up", async () => {
  const skuId = await shelf.stocked(0);
  const lines = [];
  for (let at = 0; at < 20; at += 1) lines.push(await shelf.waiting(skuId, 1));
  await shelf.receipt(skuId, 20);
  await Promise.all(lines.flatMap((line) => [shelf.served(skuId), back(`cancel-${line.lineId}`, line)]));
  // A line that was served first was sold and taken back; either way nothing is sold.
  expect(await shelf.numbers(skuId)).toEqual({ onHand: 20, held: 0, sold: 0 });
});

it("Stock/unsell: a SKU without a level changes nothing; one SKU on two lines is INVALID_INPUT", async () => {
  const line = { lineId: freshId("lin"), skuId: freshId("sku"), pieces: 1 };
  await back("lost", line);
  const twice = unsell({ reference: "twice", lines: [line, line] }, shelf.scene());
  await expect(twice).rejects.toThrow(expect.objectContaining({ code: "INVALID_INPUT" }));
});

it.each([
  ["unsold_pieces_positive", "update inventory.unsold set pieces = 0, returned_pieces = 0 where sku_id = $1"],
  ["unsold_returned_or_waited", "update inventory.unsold set returned_pieces = 1 where sku_id = $1"],
  [
    "unsold_once_a_reference",
    "insert into inventory.unsold select reference, sku_id, line_id, pieces, 0 from inventory.unsold where sku_id = $1",
  ],
])("inventory's table of what was taken back refuses, by %s: %s", async (constraint, statement) => {
  const skuId = await shelf.stocked(0);
  await back("cancelled", await shelf.waiting(skuId, 3));
  expect(await base.db.$client.unsafe(statement, [skuId]).catch(brokenConstraint)).toBe(constraint);
});
