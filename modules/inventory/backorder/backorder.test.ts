import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { audit } from "../stock/audit.ts";
import { commit } from "../stock/commit.ts";
import { expire } from "../stock/expire.ts";
import { movements } from "../stock/movements.ts";
import { release } from "../stock/release.ts";
import { reserve } from "../stock/reserve.ts";
import { restock } from "../stock/restock.ts";
import { configure } from "../supply/configure.ts";
import { enqueue } from "./enqueue.ts";
import { openShelf } from "./proof/shop.ts";
import { serve } from "./serve.ts";

let base: TestDatabase;
let shelf: ReturnType<typeof openShelf>;
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });
const place = () => ({ orderId: freshId("ord"), lineId: freshId("lin") });
const stateOf = async (lineId: string): Promise<string | undefined> => {
  const [row] = await base.db.$client`select state from inventory.backorder where line_id = ${lineId}`;
  return row?.["state"];
};

beforeAll(async () => {
  base = await testDatabase("inventory");
  shelf = openShelf(base);
});
afterEach(async () => {
  expect(await audit({}, shelf.scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

describe("Stock/reserve, of lines that may wait", () => {
  it("holds them like any other while there are pieces", async () => {
    const skuId = await shelf.stocked(3);
    expect(await shelf.reserveLine(skuId, 3)).toMatchObject({ backordered: [] });
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 3, held: 3, sold: 0 });
  });

  it("lets a short line wait, whole, and holds the others", async () => {
    const [short, plenty] = [await shelf.stocked(2), await shelf.stocked(9)];
    const [holdId, backorder] = [freshId("hld"), place()];
    const lines = [
      { skuId: short, pieces: 3, backorder },
      { skuId: plenty, pieces: 3 },
    ];
    expect(await reserve({ holdId, lines }, shelf.scene())).toMatchObject({ holdId, backordered: [short] });
    expect(await shelf.numbers(short)).toEqual({ onHand: 2, held: 0, sold: 0 });
    expect(await shelf.numbers(plenty)).toEqual({ onHand: 9, held: 3, sold: 0 });
    expect(await stateOf(backorder.lineId)).toBe("reserved");
  });

  it("the same hold again, also twenty at once and when there is stock by now, is the same answer", async () => {
    const skuId = await shelf.stocked(0);
    const ask = { holdId: freshId("hld"), lines: [{ skuId, pieces: 2, backorder: place() }] };
    const all = await Promise.all(Array.from({ length: 20 }, () => reserve(ask, shelf.scene())));
    await shelf.receipt(skuId, 9);
    for (const one of [...all, await reserve(ask, shelf.scene())]) expect(one).toEqual(all[0]);
    expect(all[0]?.backordered).toEqual([skuId]);
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 9, held: 0, sold: 0 });
  });

  it("refuses other lines under the same id: HOLD_DIFFERS", async () => {
    const skuId = await shelf.stocked(0);
    const { holdId, orderId, lineId } = await shelf.reserveLine(skuId, 2);
    for (const line of [
      { skuId, pieces: 1, backorder: { orderId, lineId } },
      { skuId, pieces: 2, backorder: place() },
      { skuId, pieces: 2 },
    ]) {
      const differing = reserve({ holdId, lines: [line] }, shelf.scene());
      await expect(differing).rejects.toThrow(refused("HOLD_DIFFERS"));
    }
  });

  it("holds nothing when a line is short that may not wait, or whose seller does not allow it: OUT_OF_STOCK", async () => {
    const [open, closed] = [await shelf.stocked(0), await shelf.stocked(1)];
    const settings = { backorder: false, serials: false, reorderPoint: null, supplierEmail: null };
    await configure({ skuId: closed, ...settings }, shelf.seller());
    const line = { skuId: open, pieces: 1, backorder: place() };
    for (const short of [
      { skuId: closed, pieces: 2 },
      { skuId: closed, pieces: 2, backorder: place() },
    ]) {
      const asked = reserve({ holdId: freshId("hld"), lines: [line, short] }, shelf.scene());
      const data = { short: [{ skuId: closed, wanted: 2, available: 1 }] };
      await expect(asked).rejects.toThrow(refused("OUT_OF_STOCK", data));
    }
    expect(await stateOf(line.backorder.lineId)).toBeUndefined();
  });

  it("refuses a SKU without a level, and a hold that was released before: SKU_UNKNOWN, HOLD_GONE", async () => {
    await expect(shelf.reserveLine(freshId("sku"), 1)).rejects.toThrow(refused("SKU_UNKNOWN"));
    const [holdId, backorder] = [freshId("hld"), place()];
    const skuId = await shelf.stocked(0);
    await release({ holdId }, shelf.scene());
    const late = reserve({ holdId, lines: [{ skuId, pieces: 1, backorder }] }, shelf.scene());
    await expect(late).rejects.toThrow(refused("HOLD_GONE", { state: "released" }));
    expect(await stateOf(backorder.lineId)).toBeUndefined();
  });
});

describe("a hold with waiting lines", () => {
  it("gives them up when it is released or expires", async () => {
    const skuId = await shelf.stocked(0);
    const [freed, late] = [await shelf.reserveLine(skuId, 1), await shelf.reserveLine(skuId, 1)];
    for (const _ of [1, 2]) await release({ holdId: freed.holdId }, shelf.scene());
    await base.db.$client`
      update inventory.hold set expires_at = now() - interval '1 s' where hold_id = ${late.holdId}`;
    expect(await expire({ limit: 9 }, shelf.scene())).toEqual({ expiredCount: 1 });
    for (const { lineId } of [freed, late]) expect(await stateOf(lineId)).toBe("cancelled");
  });

  it("keeps them through its commit, and through a restock until its release", async () => {
    const { holdId, lineId } = await shelf.reserveLine(await shelf.stocked(0), 1);
    await commit({ holdId }, shelf.scene());
    await restock({ holdId }, shelf.scene());
    expect(await stateOf(lineId)).toBe("reserved");
    await release({ holdId }, shelf.scene());
    expect(await stateOf(lineId)).toBe("cancelled");
  });
});

describe("Backorder/enqueue", () => {
  it("leaves lines outside whose hold is not committed, and names the SKUs of those inside", async () => {
    const skuId = await shelf.stocked(0);
    const { holdId, orderId, lineId } = await shelf.reserveLine(skuId, 1);
    expect(await enqueue({ orderId }, shelf.scene())).toEqual({ skuIds: [] });
    expect(await stateOf(lineId)).toBe("reserved");
    await commit({ holdId }, shelf.scene());
    for (const _ of [1, 2]) expect(await enqueue({ orderId }, shelf.scene())).toEqual({ skuIds: [skuId] });
    await shelf.receipt(skuId, 1);
    await shelf.served(skuId);
    expect(await enqueue({ orderId }, shelf.scene())).toEqual({ skuIds: [skuId] });
    expect(await stateOf(lineId)).toBe("served");
  });
});

describe("Backorder/serve", () => {
  it("sells to the lines in the order of their reserves, until one does not fit", async () => {
    const skuId = await shelf.stocked(0);
    const first = await shelf.reserveLine(skuId, 2);
    const [second, third] = [await shelf.waiting(skuId, 3), await shelf.waiting(skuId, 1)];
    await commit({ holdId: first.holdId }, shelf.scene());
    await enqueue({ orderId: first.orderId }, shelf.scene());
    await shelf.receipt(skuId, 4);
    expect(await shelf.served(skuId)).toEqual([first.lineId]);
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 4, held: 0, sold: 2 });
    await shelf.receipt(skuId, 2);
    expect(await shelf.served(skuId)).toEqual([second.lineId, third.lineId]);
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 6, held: 0, sold: 6 });
    const { items } = await movements({ skuId, limit: 3 }, shelf.seller());
    const served = items.find(({ reference }) => reference === third.lineId);
    expect(served).toMatchObject({ reason: "serve", heldDelta: 0, soldDelta: 1, actor: "module:order" });
  });

  it("passes over who has not paid, and who keeps the place", async () => {
    const skuId = await shelf.stocked(0);
    const [unpaid, paid] = [await shelf.reserveLine(skuId, 1), await shelf.waiting(skuId, 1)];
    await shelf.receipt(skuId, 1);
    expect(await shelf.served(skuId)).toEqual([paid.lineId]);
    await shelf.waiting(skuId, 1);
    await commit({ holdId: unpaid.holdId }, shelf.scene());
    await enqueue({ orderId: unpaid.orderId }, shelf.scene());
    await shelf.receipt(skuId, 1);
    expect(await shelf.served(skuId)).toEqual([unpaid.lineId]);
  });

  it("leaves alone what buyers hold, and serves nobody without pieces", async () => {
    const skuId = await shelf.stocked(0);
    await shelf.waiting(skuId, 2);
    await shelf.receipt(skuId, 2);
    await reserve({ holdId: freshId("hld"), lines: [{ skuId, pieces: 1 }] }, shelf.scene());
    expect(await shelf.served(skuId)).toEqual([]);
    expect(await shelf.numbers(skuId)).toEqual({ onHand: 2, held: 1, sold: 0 });
  });

  it("serves once, twenty at once; the same reference answers the same again", async () => {
    const skuId = await shelf.stocked(0);
    const lines: string[] = [];
    for (let at = 0; at < 30; at += 1) lines.push((await shelf.waiting(skuId, 1)).lineId);
    await shelf.receipt(skuId, 25);
    await Promise.all(Array.from({ length: 20 }, (_, at) => shelf.served(skuId, at % 2 ? "odd" : "even")));
    const again = [...(await shelf.served(skuId, "even")), ...(await shelf.served(skuId, "odd"))];
    expect(again.toSorted()).toEqual(lines.slice(0, 25).toSorted());
    expect((await shelf.numbers(skuId)).sold).toBe(25);
  });

  it("serves 200 at a time under one reference, and says that there may be more", async () => {
    const skuId = await shelf.stocked(0);
    const { holdId, orderId } = await shelf.waiting(skuId, 1);
    await base.db.$client`
      insert into inventory.backorder (line_id, order_id, hold_id, sku_id, pieces, reserved_pieces, state)
      select ${orderId} || at, ${orderId}, ${holdId}, ${skuId}, 1, 1, 'waiting' from generate_series(1, 204) as at`;
    await shelf.receipt(skuId, 300);
    const first = await serve({ reference: "a/1", skuIds: [skuId] }, shelf.scene());
    expect([first.served.length, first.isFull]).toEqual([200, true]);
    expect(await serve({ reference: "a/1", skuIds: [skuId] }, shelf.scene())).toEqual(first);
    const rest = await serve({ reference: "a/2", skuIds: [skuId] }, shelf.scene());
    expect([rest.served.length, rest.isFull]).toEqual([5, false]);
  });
});

describe("inventory's table of waiting lines", () => {
  it.each([
    ["backorder_state_known", "update inventory.backorder set state = 'lost' where line_id = $1"],
    ["backorder_pieces_positive", "update inventory.backorder set pieces = 0 where line_id = $1"],
    ["backorder_pieces_positive", "update inventory.backorder set pieces = 9 where line_id = $1"],
    ["backorder_served_by_somebody", "update inventory.backorder set state = 'served' where line_id = $1"],
  ])("refuses what the code should have, by %s: %s", async (constraint, statement) => {
    const { lineId } = await shelf.reserveLine(await shelf.stocked(0), 2);
    expect(await base.db.$client.unsafe(statement, [lineId]).catch(brokenConstraint)).toBe(constraint);
  });
});
