import { freshId } from "@shopnexus/contracts/kit/id";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { openShelf } from "../backorder/proof/shop.ts";
import { add } from "../location/add.ts";
import { list as listLocations } from "../location/list.ts";
import { putBack } from "../serial/put-back.ts";
import { take } from "../serial/take.ts";
import { audit } from "../stock/audit.ts";
import { book } from "../stock/book.ts";
import { commit } from "../stock/commit.ts";
import { movements } from "../stock/movements.ts";
import { unsell } from "../stock/unsell.ts";
import { correct } from "./correct.ts";
import { list } from "./list.ts";
import { transfer } from "./transfer.ts";

let base: TestDatabase;
let shop: ReturnType<typeof openShelf>;
let main: string;
let other: string;
const stranger = () => sceneOf(base.db, asAccount(freshId("acc"), "seller"));
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });

/** What stands at the default location, and at the other one. */
const standing = async (skuId: string): Promise<number[]> => {
  const { shelves } = await list({ skuId }, shop.seller());
  return [main, other].map((id) => shelves.find(({ locationId }) => locationId === id)?.standing ?? 0);
};
const adjusted = (skuId: string, delta: number, more: object = {}) =>
  correct(
    { sellerId: shop.sellerId, adjustmentId: freshId("evt"), skuId, delta, cause: "correction", ...more },
    shop.scene(),
  );
const moved = (skuId: string, pieces: number, more: object = {}) =>
  transfer({ transferId: freshId("evt"), skuId, fromId: main, toId: other, pieces, ...more }, shop.seller());
const sold = async (skuId: string, pieces: number) => {
  const line = await shop.reserveLine(skuId, pieces);
  await commit({ holdId: line.holdId }, shop.scene());
  return { lineId: line.lineId, skuId, pieces };
};

beforeAll(async () => {
  base = await testDatabase("inventory");
  shop = openShelf(base);
  await shop.stocked(0);
  other = (await add({ name: "Other" }, shop.seller())).locationId;
  main = (await listLocations({}, shop.seller())).locations[0]!.locationId;
});
afterEach(async () => {
  expect(await audit({}, shop.scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

describe("Stock/book", () => {
  it("books where it is told to, or at the default location", async () => {
    const skuId = await shop.stocked(3);
    const receipt = { sellerId: shop.sellerId, receiptId: "there", skuId, pieces: 4, locationId: other };
    await Promise.all(Array.from({ length: 10 }, () => book(receipt, shop.scene())));
    expect(await standing(skuId)).toEqual([3, 4]);
    const elsewhere = { ...receipt, locationId: main };
    await expect(book(elsewhere, shop.scene())).rejects.toThrow(refused("RECEIPT_DIFFERS"));
  });

  it("refuses a location that is not the seller's: LOCATION_UNKNOWN", async () => {
    const skuId = await shop.stocked(0);
    const { locationId } = await add({ name: "theirs" }, stranger());
    const receipt = { sellerId: shop.sellerId, receiptId: "there", skuId, pieces: 4, locationId };
    await expect(book(receipt, shop.scene())).rejects.toThrow(refused("LOCATION_UNKNOWN"));
    expect(await shop.numbers(skuId)).toEqual({ onHand: 0, held: 0, sold: 0 });
  });
});

describe("Shelf/correct", () => {
  it("puts level and shelf right, once an id, twenty at once, and says why", async () => {
    const skuId = await shop.stocked(5);
    const again = { adjustmentId: "broken-1", cause: "damaged" };
    await Promise.all(Array.from({ length: 20 }, () => adjusted(skuId, -2, again)));
    expect(await shop.numbers(skuId)).toEqual({ onHand: 3, held: 0, sold: 0 });
    expect(await standing(skuId)).toEqual([3, 0]);
    const { items } = await movements({ skuId, limit: 1 }, shop.seller());
    expect(items).toMatchObject([
      { reason: "adjust", cause: "damaged", reference: "broken-1", locationId: main, onHandDelta: -2 },
    ]);
    for (const differs of [{ cause: "lost" }, { locationId: other }])
      await expect(adjusted(skuId, -2, { ...again, ...differs })).rejects.toThrow(
        refused("ADJUSTMENT_DIFFERS"),
      );
  });

  it("takes nothing that is held or sold, and nothing from where it is not: PIECES_SHORT", async () => {
    const skuId = await shop.stocked(5);
    await shop.reserveLine(skuId, 3);
    const data = { available: 2, standing: 5 };
    await expect(adjusted(skuId, -3)).rejects.toThrow(refused("PIECES_SHORT", data));
    await expect(adjusted(skuId, -1, { locationId: other })).rejects.toThrow(refused("PIECES_SHORT"));
    await adjusted(skuId, -2);
    expect(await shop.numbers(skuId)).toEqual({ onHand: 3, held: 3, sold: 0 });
  });

  it("at once with buyers takes only what they leave", async () => {
    const skuId = await shop.stocked(20);
    const buys = Array.from({ length: 20 }, () => shop.reserveLine(skuId, 1));
    const cuts = Array.from({ length: 20 }, () => adjusted(skuId, -1));
    const ends = await Promise.allSettled(cuts);
    await Promise.allSettled(buys);
    const { onHand, held } = await shop.numbers(skuId);
    const cut = ends.filter(({ status }) => status === "fulfilled").length;
    expect([onHand, held <= onHand]).toEqual([20 - cut, true]);
  });

  it("refuses somebody else's SKU and location: SKU_UNKNOWN, LOCATION_UNKNOWN", async () => {
    const skuId = await shop.stocked(5);
    await expect(adjusted(freshId("sku"), 1)).rejects.toThrow(refused("SKU_UNKNOWN"));
    const elsewhere = adjusted(skuId, 1, { locationId: freshId("loc") });
    await expect(elsewhere).rejects.toThrow(refused("LOCATION_UNKNOWN"));
  });
});

describe("Shelf/transfer", () => {
  it("moves pieces once an id, twenty at once, and no level", async () => {
    const skuId = await shop.stocked(5);
    const again = { transferId: "van-1" };
    await Promise.all(Array.from({ length: 20 }, () => moved(skuId, 2, again)));
    expect(await standing(skuId)).toEqual([3, 2]);
    expect(await shop.numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
    await expect(moved(skuId, 3, again)).rejects.toThrow(refused("TRANSFER_DIFFERS"));
  });

  it("moves sold pieces, too, but none that are not there: PIECES_SHORT", async () => {
    const skuId = await shop.stocked(5);
    await sold(skuId, 5);
    await moved(skuId, 5);
    expect(await standing(skuId)).toEqual([0, 5]);
    await expect(moved(skuId, 1)).rejects.toThrow(refused("PIECES_SHORT", { available: 0, standing: 0 }));
  });

  it("there and back at once leaves every piece somewhere", async () => {
    const skuId = await shop.stocked(10);
    const back = { fromId: other, toId: main };
    const all = Array.from({ length: 20 }, (_, at) => moved(skuId, 3, at % 2 === 0 ? {} : back));
    await Promise.allSettled(all);
    const [here = 0, there = 0] = await standing(skuId);
    expect(here + there).toBe(10);
  });

  it("refuses somebody else's SKU and location: SKU_UNKNOWN, LOCATION_UNKNOWN", async () => {
    const skuId = await shop.stocked(5);
    await expect(moved(freshId("sku"), 1)).rejects.toThrow(refused("SKU_UNKNOWN"));
    await expect(moved(skuId, 1, { toId: freshId("loc") })).rejects.toThrow(refused("LOCATION_UNKNOWN"));
    await expect(list({ skuId }, stranger())).rejects.toThrow(refused("SKU_UNKNOWN"));
  });
});

describe("Shelf/list", () => {
  it("what a line takes stands no more, from the default location first, and stands again when it comes back", async () => {
    const skuId = await shop.stocked(6);
    await moved(skuId, 3);
    const line = await sold(skuId, 5);
    for (const _ of [1, 2]) await take(line, shop.scene());
    expect(await standing(skuId)).toEqual([0, 1]);
    const back = { reference: "refund-1", lines: [{ ...line, pieces: 1 }] };
    for (const _ of [1, 2]) await unsell(back, shop.scene());
    expect((await standing(skuId)).reduce((sum, here) => sum + here)).toBe(2);
    await Promise.all(Array.from({ length: 10 }, () => putBack({ lineId: line.lineId }, shop.scene())));
    expect(await standing(skuId)).toEqual([3, 3]);
  });

  it("lines that are packed, given up and transferred at once leave no piece twice", async () => {
    const skuId = await shop.stocked(30);
    await moved(skuId, 15);
    const lines = [];
    for (let at = 0; at < 8; at += 1) lines.push(await sold(skuId, 3));
    const ends = await Promise.allSettled(
      lines.flatMap((line, at) => [
        take(line, shop.scene()),
        ...(at % 2 === 0 ? [putBack({ lineId: line.lineId }, shop.scene())] : []),
        unsell({ reference: `back-${at}`, lines: [{ ...line, pieces: 1 }] }, shop.scene()),
        moved(skuId, 1),
        adjusted(skuId, 1),
      ]),
    );
    const faults = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    expect(faults.filter((error) => !(error instanceof RefusalError))).toEqual([]);
    const { shelves } = await list({ skuId }, shop.seller());
    expect(shelves.every((shelf) => shelf.standing >= 0)).toBe(true);
  });
});

it.each([
  ["shelf_never_below_zero", "update inventory.shelf set on_hand = -1, picked = -1 where sku_id = $1"],
  ["shelf_never_picked_short", "update inventory.shelf set picked = on_hand + 1 where sku_id = $1"],
  [
    "movement_on_hand_somewhere",
    `insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
     values ('x', $1, 'receive', 1, 0, 0, 'x')`,
  ],
  [
    "movement_adjusted_for_a_cause",
    `insert into inventory.movement
       (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor, location_id)
     values ('x', $1, 'adjust', 1, 0, 0, 'x', 'y')`,
  ],
])("inventory's tables of places refuse, by %s", async (constraint, statement) => {
  const skuId = await shop.stocked(1);
  expect(await base.db.$client.unsafe(statement, [skuId]).catch(brokenConstraint)).toBe(constraint);
});
