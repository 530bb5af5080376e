import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { audit } from "../audit.ts";
import { commit } from "../commit.ts";
import { expire } from "../expire.ts";
import { level } from "../level.ts";
import { movements } from "../movements.ts";
import { open } from "../open.ts";
import { book } from "../book.ts";
import { release } from "../release.ts";
import { reserve } from "../reserve.ts";
import { restock } from "../restock.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));
const asSeller = (accountId = sellerId) => sceneOf(base.db, asAccount(accountId, "seller"));
const refused = (code: string, data?: object) =>
  expect.objectContaining({ code, ...(data && { data: expect.objectContaining(data) }) });

const stocked = async (pieces: number): Promise<string> => {
  const skuId = freshId("sku");
  await open({ sellerId, skuIds: [skuId] }, scene());
  if (pieces > 0) await book({ sellerId, receiptId: "first", skuId, pieces }, scene());
  return skuId;
};
const holding = async (skuId: string, pieces: number): Promise<string> => {
  const holdId = freshId("hld");
  await reserve({ holdId, lines: [{ skuId, pieces }] }, scene());
  return holdId;
};
const numbers = async (skuId: string) => {
  const { onHand, held, sold } = await level({ skuId }, scene());
  return { onHand, held, sold };
};
const overdue = (holdId: string) =>
  base.db.$client`update inventory.hold set expires_at = now() - interval '1 s' where hold_id = ${holdId}`;

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterEach(async () => {
  expect(await audit({}, scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

describe("Stock/open", () => {
  it("opens levels at zero, and again changes nothing", async () => {
    const skuId = await stocked(3);
    await open({ sellerId: freshId("acc"), skuIds: [skuId, skuId] }, scene());
    expect(await level({ skuId }, scene())).toEqual({ skuId, available: 3, onHand: 3, held: 0, sold: 0 });
    await book({ sellerId, receiptId: "still-mine", skuId, pieces: 1 }, scene());
  });
});

describe("Stock/book", () => {
  it("gives the level after it", async () => {
    const skuId = await stocked(0);
    const after = await book({ sellerId, receiptId: "note-1", skuId, pieces: 5 }, scene());
    expect(after).toEqual({ skuId, available: 5, onHand: 5, held: 0, sold: 0 });
  });

  it("books the same receipt once, also at once", async () => {
    const skuId = await stocked(0);
    const receipt = { sellerId, receiptId: "note-1", skuId, pieces: 5 };
    const all = await Promise.all(Array.from({ length: 8 }, () => book(receipt, scene())));
    expect(all.map(({ onHand }) => onHand)).toEqual(Array(8).fill(5));
  });

  it("refuses another number of pieces under the same receipt: RECEIPT_DIFFERS", async () => {
    const skuId = await stocked(4);
    await expect(book({ sellerId, receiptId: "first", skuId, pieces: 5 }, scene())).rejects.toThrow(
      refused("RECEIPT_DIFFERS"),
    );
    expect(await numbers(skuId)).toEqual({ onHand: 4, held: 0, sold: 0 });
  });

  it("books one delivery note on each of its SKUs", async () => {
    const [one, other] = [await stocked(0), await stocked(0)];
    await book({ sellerId, receiptId: "note-2", skuId: one, pieces: 2 }, scene());
    await book({ sellerId, receiptId: "note-2", skuId: other, pieces: 3 }, scene());
    expect([(await numbers(one)).onHand, (await numbers(other)).onHand]).toEqual([2, 3]);
  });

  it("refuses an unknown SKU and somebody else's in the same words: SKU_UNKNOWN", async () => {
    const skuId = await stocked(1);
    const unknown = freshId("sku");
    await expect(
      book({ sellerId: freshId("acc"), receiptId: "x", skuId, pieces: 1 }, scene()),
    ).rejects.toThrow(refused("SKU_UNKNOWN", { skuIds: [skuId] }));
    await expect(book({ sellerId, receiptId: "x", skuId: unknown, pieces: 1 }, scene())).rejects.toThrow(
      refused("SKU_UNKNOWN", { skuIds: [unknown] }),
    );
    expect((await numbers(skuId)).onHand).toBe(1);
  });
});

describe("Stock/release", () => {
  it("gives the pieces back, once", async () => {
    const skuId = await stocked(5);
    const holdId = await holding(skuId, 3);
    for (const _ of [1, 2]) await release({ holdId }, scene());
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });

  it("gives the pieces back once when asked at once", async () => {
    const skuId = await stocked(5);
    const holdId = await holding(skuId, 3);
    await Promise.all(Array.from({ length: 8 }, () => release({ holdId }, scene())));
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });

  it("of a hold that never was makes a late reserve refuse: HOLD_GONE", async () => {
    const skuId = await stocked(5);
    const holdId = freshId("hld");
    await release({ holdId }, scene());
    await expect(reserve({ holdId, lines: [{ skuId, pieces: 1 }] }, scene())).rejects.toThrow(
      refused("HOLD_GONE", { state: "released" }),
    );
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });

  it("leaves a committed hold committed", async () => {
    const skuId = await stocked(5);
    const holdId = await holding(skuId, 3);
    await commit({ holdId }, scene());
    await release({ holdId }, scene());
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 3 });
  });
});

describe("Stock/commit", () => {
  it("turns held pieces into sold ones, once", async () => {
    const skuId = await stocked(5);
    const holdId = await holding(skuId, 3);
    await Promise.all(Array.from({ length: 8 }, () => commit({ holdId }, scene())));
    await commit({ holdId }, scene());
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 3 });
  });

  it("sells a hold whose time is over while no sweep has taken it", async () => {
    const skuId = await stocked(5);
    const holdId = await holding(skuId, 3);
    await overdue(holdId);
    await commit({ holdId }, scene());
    expect(await expire({ limit: 10 }, scene())).toEqual({ expiredCount: 0 });
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 3 });
  });

  it("refuses a hold that expired, was released or never was: HOLD_GONE", async () => {
    const skuId = await stocked(5);
    const [expired, freed] = [await holding(skuId, 1), await holding(skuId, 1)];
    await overdue(expired);
    await expire({ limit: 10 }, scene());
    await release({ holdId: freed }, scene());
    for (const [holdId, state] of [
      [expired, "expired"],
      [freed, "released"],
      [freshId("hld"), "unknown"],
    ] as const) {
      await expect(commit({ holdId }, scene())).rejects.toThrow(refused("HOLD_GONE", { state }));
    }
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });
});

describe("Stock/restock", () => {
  it("turns a commit back into a hold, once, that can then be released", async () => {
    const skuId = await stocked(5);
    const holdId = await holding(skuId, 3);
    await commit({ holdId }, scene());
    await Promise.all(Array.from({ length: 8 }, () => restock({ holdId }, scene())));
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 3, sold: 0 });
    await release({ holdId }, scene());
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });

  it("makes a commit that comes late refuse, before and after it: HOLD_GONE", async () => {
    const skuId = await stocked(5);
    const [done, never] = [await holding(skuId, 1), freshId("hld")];
    await commit({ holdId: done }, scene());
    await restock({ holdId: done }, scene());
    await restock({ holdId: never }, scene());
    await expect(commit({ holdId: done }, scene())).rejects.toThrow(
      refused("HOLD_GONE", { state: "restocked" }),
    );
    await expect(commit({ holdId: never }, scene())).rejects.toThrow(
      refused("HOLD_GONE", { state: "released" }),
    );
    await expect(reserve({ holdId: never, lines: [{ skuId, pieces: 1 }] }, scene())).rejects.toThrow(
      refused("HOLD_GONE"),
    );
  });

  it("of a hold that was not committed is a release", async () => {
    const skuId = await stocked(5);
    const holdId = await holding(skuId, 3);
    for (const _ of [1, 2]) await restock({ holdId }, scene());
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
    await expect(commit({ holdId }, scene())).rejects.toThrow(refused("HOLD_GONE", { state: "released" }));
  });

  it("leaves pieces that the sweep takes back when their time is over", async () => {
    const skuId = await stocked(5);
    const holdId = await holding(skuId, 3);
    await commit({ holdId }, scene());
    await restock({ holdId }, scene());
    await overdue(holdId);
    expect(await expire({ limit: 10 }, scene())).toEqual({ expiredCount: 1 });
    await restock({ holdId }, scene());
    expect(await numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
  });
});

describe("Stock/expire", () => {
  it("takes the oldest first, up to its limit, and then the next ones", async () => {
    const skuId = await stocked(9);
    const holds = [await holding(skuId, 1), await holding(skuId, 2), await holding(skuId, 4)];
    for (const holdId of holds) await overdue(holdId);
    expect(await expire({ limit: 2 }, scene())).toEqual({ expiredCount: 2 });
    expect((await numbers(skuId)).held).toBe(4);
    expect(await expire({ limit: 2 }, scene())).toEqual({ expiredCount: 1 });
    expect(await numbers(skuId)).toEqual({ onHand: 9, held: 0, sold: 0 });
  });

  it("never takes the same hold in two sweeps at once", async () => {
    const skuId = await stocked(60);
    for (let at = 0; at < 60; at += 1) await overdue(await holding(skuId, 1));
    const sweeps = await Promise.all(Array.from({ length: 6 }, () => expire({ limit: 25 }, scene())));
    const rest = await expire({ limit: 100 }, scene());
    const counts = [...sweeps, rest].map(({ expiredCount }) => expiredCount);
    expect(counts.reduce((total, count) => total + count)).toBe(60);
    expect(await numbers(skuId)).toEqual({ onHand: 60, held: 0, sold: 0 });
  });

  it("at once with what releases the same holds gives their pieces back once", async () => {
    const skuId = await stocked(60);
    const holds = await Promise.all(Array.from({ length: 60 }, () => holding(skuId, 1)));
    await Promise.all(holds.map(overdue));
    const sweeps = Array.from({ length: 8 }, () => expire({ limit: 10 }, scene()));
    await Promise.all([...sweeps, ...holds.map((holdId) => release({ holdId }, scene()))]);
    const ends = await base.db.$client`
      select reference, count(*)::int as n from inventory.movement
      where reference = any (${holds}) and reason in ('release', 'expire') group by reference`;
    expect([ends.length, new Set(ends.map(({ n }) => n))]).toEqual([60, new Set([1])]);
    expect(await numbers(skuId)).toEqual({ onHand: 60, held: 0, sold: 0 });
  });

  it("leaves holds alone whose time is not over", async () => {
    await holding(await stocked(1), 1);
    expect(await expire({ limit: 10 }, scene())).toEqual({ expiredCount: 0 });
  });
});

describe("Stock/level", () => {
  it("refuses a SKU without a level: SKU_UNKNOWN", async () => {
    await expect(level({ skuId: freshId("sku") }, scene())).rejects.toThrow(refused("SKU_UNKNOWN"));
  });
});

describe("Stock/movements", () => {
  it("lists every reason, reference and actor, newest first, by page", async () => {
    const skuId = await stocked(9);
    const holdId = await holding(skuId, 2);
    await commit({ holdId }, scene());
    const first = await movements({ skuId, limit: 2 }, asSeller());
    expect(first.items.map(({ reason }) => reason)).toEqual(["commit", "reserve"]);
    expect(first.items[0]).toMatchObject({
      reference: holdId,
      actor: "module:order",
      heldDelta: -2,
      soldDelta: 2,
    });
    const second = await movements({ skuId, limit: 2, after: first.next ?? "" }, asSeller());
    expect(second.items).toMatchObject([{ reason: "receive", onHandDelta: 9, actor: sellerId }]);
    expect(second.next).toBeUndefined();
  });

  it("refuses an unknown SKU and somebody else's: SKU_UNKNOWN", async () => {
    const skuId = await stocked(1);
    await expect(movements({ skuId }, asSeller(freshId("acc")))).rejects.toThrow(refused("SKU_UNKNOWN"));
    await expect(movements({ skuId: freshId("sku") }, asSeller())).rejects.toThrow(refused("SKU_UNKNOWN"));
  });
});
