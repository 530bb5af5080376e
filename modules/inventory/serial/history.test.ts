import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { openShelf } from "../backorder/proof/shop.ts";
import { audit } from "../stock/audit.ts";
import { configure } from "../supply/configure.ts";
import { add } from "./add.ts";
import { list } from "./list.ts";
import { mark } from "./mark.ts";
import { putBack } from "./put-back.ts";
import { ship } from "./ship.ts";
import { take } from "./take.ts";
import { trace } from "./trace.ts";

let base: TestDatabase;
let shop: ReturnType<typeof openShelf>;
const stranger = () => sceneOf(base.db, asAccount(freshId("acc"), "seller"));
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });

/** A SKU of pieces numbered as told. */
const numbered = async (...serials: string[]): Promise<string> => {
  const skuId = await shop.stocked(serials.length);
  const settings = { backorder: false, serials: true, reorderPoint: null, supplierEmail: null };
  await configure({ skuId, ...settings }, shop.seller());
  if (serials.length > 0) await add({ skuId, serials }, shop.seller());
  return skuId;
};
const statesOf = async (skuId: string) => {
  const { items } = await list({ skuId }, shop.seller());
  return Object.fromEntries(items.map(({ serial, state }) => [serial, state]));
};
const eventsOf = async (skuId: string, serial: string) =>
  (await trace({ skuId, serial }, shop.seller())).events.map(({ event, state }) => [event, state]);

beforeAll(async () => {
  base = await testDatabase("inventory");
  shop = openShelf(base);
});
afterAll(() => base.close());

describe("Serial/ship", () => {
  it("what was taken leaves, once, and comes back as returned: nobody takes it before its seller's word", async () => {
    const skuId = await numbered("a");
    const line = { lineId: freshId("lin"), skuId, pieces: 1 };
    await take(line, shop.scene());
    await Promise.all(Array.from({ length: 10 }, () => ship({ lineIds: [line.lineId] }, shop.scene())));
    expect(await statesOf(skuId)).toEqual({ a: "shipped" });
    await Promise.all(Array.from({ length: 10 }, () => putBack({ lineId: line.lineId }, shop.scene())));
    await ship({ lineIds: [line.lineId] }, shop.scene());
    expect(await statesOf(skuId)).toEqual({ a: "returned" });
    const next = { lineId: freshId("lin"), skuId, pieces: 1 };
    await expect(take(next, shop.scene())).rejects.toThrow(refused("SERIALS_SHORT", { needed: 1, free: 0 }));
    await mark({ skuId, serials: ["a"], verdict: "restore" }, shop.seller());
    expect(await take(next, shop.scene())).toEqual({ serials: ["a"] });
    expect(await eventsOf(skuId, "a")).toEqual([
      ["add", "free"],
      ["take", "taken"],
      ["ship", "shipped"],
      ["putBack", "returned"],
      ["restore", "free"],
      ["take", "taken"],
    ]);
  });
});

describe("Serial/mark", () => {
  it("is said of all or of none, twice as well as once: SERIAL_BUSY, SERIAL_UNKNOWN", async () => {
    const skuId = await numbered("a", "b");
    await take({ lineId: freshId("lin"), skuId, pieces: 1 }, shop.scene());
    const word = { skuId, serials: ["a", "b"], verdict: "damage" as const };
    const data = { serials: [{ serial: "a", state: "taken" }] };
    await expect(mark(word, shop.seller())).rejects.toThrow(refused("SERIAL_BUSY", data));
    const unknown = { ...word, serials: ["b", "c"] };
    await expect(mark(unknown, shop.seller())).rejects.toThrow(refused("SERIAL_UNKNOWN", { serials: ["c"] }));
    expect(await statesOf(skuId)).toEqual({ a: "taken", b: "free" });
    const alone = { ...word, serials: ["b"], note: "wet" };
    await Promise.all(Array.from({ length: 10 }, () => mark(alone, shop.seller())));
    expect(await eventsOf(skuId, "b")).toEqual([
      ["add", "free"],
      ["damage", "damaged"],
    ]);
  });

  it("at once with a line either takes the piece or damages it", async () => {
    const serials = Array.from({ length: 20 }, (_, at) => String(at).padStart(2, "0"));
    const skuId = await numbered(...serials);
    const ends = await Promise.allSettled([
      ...serials.map((serial) => mark({ skuId, serials: [serial], verdict: "damage" }, shop.seller())),
      ...serials.map(() => take({ lineId: freshId("lin"), skuId, pieces: 1 }, shop.scene())),
    ]);
    const done = ends.filter(({ status }) => status === "fulfilled").length;
    const states = Object.values(await statesOf(skuId));
    expect(states.filter((state) => state !== "free")).toHaveLength(done);
  });

  it("refuses somebody else's SKU: SKU_UNKNOWN", async () => {
    const skuId = await numbered("a");
    const word = { skuId, serials: ["a"], verdict: "void" as const };
    await expect(mark(word, stranger())).rejects.toThrow(refused("SKU_UNKNOWN"));
    await expect(trace({ skuId, serial: "a" }, stranger())).rejects.toThrow(refused("SKU_UNKNOWN"));
    await expect(trace({ skuId, serial: "b" }, shop.seller())).rejects.toThrow(refused("SERIAL_UNKNOWN"));
  });
});

describe("Serial/trace", () => {
  it("leads from the receipt to the line that has it: RECEIPT_UNKNOWN", async () => {
    const skuId = await numbered();
    await shop.receipt(skuId, 2);
    const [row] = await base.db.$client<{ reference: string }[]>`
      select reference from inventory.movement where sku_id = ${skuId} and reason = 'receive'`;
    const receiptId = row!.reference;
    const none = { skuId, serials: ["a"], receiptId: "none" };
    await expect(add(none, shop.seller())).rejects.toThrow(refused("RECEIPT_UNKNOWN"));
    await add({ ...none, receiptId }, shop.seller());
    const line = { lineId: freshId("lin"), skuId, pieces: 1 };
    await take(line, shop.scene());
    expect(await trace({ skuId, serial: "a" }, shop.seller())).toMatchObject({
      state: "taken",
      lineId: line.lineId,
      receipt: { receiptId, pieces: 2 },
      events: [{ event: "add" }, { event: "take", lineId: line.lineId }],
    });
  });
});

it("inventory's history of serial numbers refuses any change, by serial_event_append_only", async () => {
  await numbered("a");
  for (const statement of [
    "update inventory.serial_event set state = 'void'",
    "delete from inventory.serial_event",
  ])
    expect(await base.db.$client.unsafe(statement).catch(brokenConstraint)).toBe("serial_event_append_only");
});

describe("Stock/audit", () => {
  const drifted = async (skuId: string) => (await audit({}, shop.scene())).drifted.includes(skuId);
  const misnumbered = async (skuId: string) =>
    (await audit({}, shop.scene())).misnumbered?.includes(skuId) === true;

  it("finds a number that a line has without having taken it, or after it put its numbers back", async () => {
    const skuId = await numbered("a", "b");
    const line = { lineId: freshId("lin"), skuId, pieces: 1 };
    await take(line, shop.scene());
    expect(await drifted(skuId)).toBe(false);
    const sql = base.db.$client;
    await sql`update inventory.serial set state = 'taken', line_id = ${freshId("lin")} where sku_id = ${skuId} and serial = 'b'`;
    expect(await drifted(skuId)).toBe(true);
    await sql`update inventory.serial set state = 'free', line_id = null where sku_id = ${skuId} and serial = 'b'`;
    expect(await drifted(skuId)).toBe(false);
    await sql`update inventory.take set state = 'back' where line_id = ${line.lineId}`;
    expect(await drifted(skuId)).toBe(true);
  });

  it("finds a line that took more pieces off the shelves than it has numbers", async () => {
    const skuId = await numbered("a", "b");
    const line = { lineId: freshId("lin"), skuId, pieces: 2 };
    await take(line, shop.scene());
    await base.db.$client`
      update inventory.serial set state = 'free', line_id = null where sku_id = ${skuId} and serial = 'b'`;
    expect(await drifted(skuId)).toBe(true);
  });

  it("tells a SKU that has more or fewer numbers than pieces from one whose books are wrong", async () => {
    const skuId = await numbered("a", "b");
    expect(await misnumbered(skuId)).toBe(false);
    await shop.receipt(skuId, 1);
    expect([await misnumbered(skuId), await drifted(skuId)]).toEqual([true, false]);
    await add({ skuId, serials: ["c"] }, shop.seller());
    expect(await misnumbered(skuId)).toBe(false);
    await mark({ skuId, serials: ["c"], verdict: "void" }, shop.seller());
    expect([await misnumbered(skuId), await drifted(skuId)]).toEqual([true, false]);
  });
});
