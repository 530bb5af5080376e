import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asAnyone, sceneOf } from "#tools/testkit/scene.ts";
import { openShelf } from "../backorder/proof/shop.ts";
import { audit } from "../stock/audit.ts";
import { list as listSuppliers } from "../supplier/list.ts";
import { put } from "../supplier/put.ts";
import { availability } from "../supply/availability.ts";
import { configure } from "../supply/configure.ts";
import { settings } from "../supply/settings.ts";
import { acknowledge } from "./acknowledge.ts";
import { answer } from "./answer.ts";
import { close } from "./close.ts";
import { draft } from "./draft.ts";
import { find } from "./find.ts";
import { issue } from "./issue.ts";
import { land } from "../delivery/land.ts";
import { list } from "./list.ts";
import { propose } from "./propose.ts";
import { watch } from "./watch.ts";

let base: TestDatabase;
let shop: ReturnType<typeof openShelf>;
let supplierId: string;
const stranger = () => sceneOf(base.db, asAccount(freshId("acc"), "seller"));
const refused = (code: string, data?: object) => expect.objectContaining({ code, ...(data && { data }) });
const acme = { name: "Acme", email: "orders@acme.example", leadDays: 7 };

type Line = { skuId: string; pieces: number };
const drafted = (lines: Line[], attemptId: string = freshId("evt")) =>
  draft({ attemptId, supplierId, lines }, shop.seller());
const ordered = async (lines: Line[]) => {
  const { purchaseId } = await drafted(lines);
  return issue({ purchaseId, sellerId: shop.sellerId }, shop.scene());
};
const landed = (purchaseId: string, deliveryId: string, lines: Line[]) =>
  land({ purchaseId, deliveryId, lines, sellerId: shop.sellerId }, shop.scene());
const watched = (purchaseId: string) => watch({ purchaseId }, shop.scene());
const codeOf = async (purchaseId: string) => (await watched(purchaseId)).code;

beforeAll(async () => {
  base = await testDatabase("inventory");
  shop = openShelf(base);
  supplierId = (await put(acme, shop.seller())).supplierId;
});
afterEach(async () => {
  expect(await audit({}, shop.scene())).toEqual({ drifted: [] });
});
afterAll(() => base.close());

it("Supplier/put: one name is one supplier, also twenty at once, and the last word counts", async () => {
  const seller = sceneOf(base.db, asAccount(freshId("acc"), "seller"));
  await Promise.all(Array.from({ length: 20 }, () => put(acme, seller)));
  await put({ ...acme, leadDays: 3 }, seller);
  const { suppliers } = await listSuppliers({}, seller);
  expect(suppliers).toMatchObject([{ ...acme, leadDays: 3 }]);
});

describe("Purchase/draft", () => {
  it("is one order a key, and the first stays", async () => {
    const skuId = await shop.stocked(0);
    const key = freshId("evt");
    const all = await Promise.all([1, 2, 3, 4].map((pieces) => drafted([{ skuId, pieces }], key)));
    expect(new Set(all.map((view) => JSON.stringify(view))).size).toBe(1);
    expect(all[0]).toMatchObject({ state: "draft", sentAt: null });
  });

  it("refuses what is somebody else's: SUPPLIER_UNKNOWN, LOCATION_UNKNOWN, SKU_UNKNOWN", async () => {
    const skuId = await shop.stocked(0);
    const wanted = { attemptId: "x", supplierId, lines: [{ skuId, pieces: 1 }] };
    await expect(draft(wanted, stranger())).rejects.toThrow(refused("SUPPLIER_UNKNOWN"));
    const elsewhere = { ...wanted, locationId: freshId("loc") };
    await expect(draft(elsewhere, shop.seller())).rejects.toThrow(refused("LOCATION_UNKNOWN"));
    const none = freshId("sku");
    const data = { skuIds: [none] };
    await expect(drafted([{ skuId: none, pieces: 1 }])).rejects.toThrow(refused("SKU_UNKNOWN", data));
  });
});

describe("Delivery/land", () => {
  it("a delivery is booked once, twenty at once, and the order is received when all has come", async () => {
    const [one, other] = [await shop.stocked(0), await shop.stocked(0)];
    const { purchaseId } = await ordered([
      { skuId: one, pieces: 5 },
      { skuId: other, pieces: 2 },
    ]);
    const first = [{ skuId: one, pieces: 3 }];
    const all = await Promise.all(Array.from({ length: 20 }, () => landed(purchaseId, "note-1", first)));
    expect(new Set(all.map(({ state }) => state))).toEqual(new Set(["part_received"]));
    expect(await shop.numbers(one)).toEqual({ onHand: 3, held: 0, sold: 0 });
    const rest = [
      { skuId: other, pieces: 2 },
      { skuId: one, pieces: 3 },
    ];
    expect(await landed(purchaseId, "note-2", rest)).toMatchObject({ state: "received" });
    expect(await shop.numbers(one)).toEqual({ onHand: 6, held: 0, sold: 0 });
  });

  it("books all lines of a delivery or none: SKU_UNKNOWN, RECEIPT_DIFFERS, PURCHASE_CLOSED, PURCHASE_UNKNOWN", async () => {
    const [one, other] = [await shop.stocked(0), await shop.stocked(0)];
    const { purchaseId } = await ordered([{ skuId: one, pieces: 5 }]);
    const both = [
      { skuId: one, pieces: 1 },
      { skuId: other, pieces: 1 },
    ];
    await expect(landed(purchaseId, "a", both)).rejects.toThrow(refused("SKU_UNKNOWN", { skuIds: [other] }));
    expect(await shop.numbers(one)).toEqual({ onHand: 0, held: 0, sold: 0 });
    await landed(purchaseId, "a", [{ skuId: one, pieces: 1 }]);
    const differs = landed(purchaseId, "a", [{ skuId: one, pieces: 2 }]);
    await expect(differs).rejects.toThrow(refused("RECEIPT_DIFFERS"));
    const sketch = await drafted([{ skuId: one, pieces: 5 }]);
    const early = landed(sketch.purchaseId, "a", [{ skuId: one, pieces: 2 }]);
    await expect(early).rejects.toThrow(refused("PURCHASE_CLOSED", { state: "draft" }));
    await expect(find({ purchaseId }, stranger())).rejects.toThrow(refused("PURCHASE_UNKNOWN"));
  });
});

describe("Purchase/answer", () => {
  it("who has the letter may say yes, and nobody else; a draft has no letter: PURCHASE_UNKNOWN", async () => {
    const anyone = sceneOf(base.db, asAnyone);
    const { purchaseId } = await drafted([{ skuId: await shop.stocked(0), pieces: 1 }]);
    const code = await codeOf(purchaseId);
    await expect(answer({ purchaseId, code }, anyone)).rejects.toThrow(refused("PURCHASE_UNKNOWN"));
    await issue({ purchaseId, sellerId: shop.sellerId }, shop.scene());
    const wrong = answer({ purchaseId, code: "0".repeat(32) }, anyone);
    await expect(wrong).rejects.toThrow(refused("PURCHASE_UNKNOWN"));
    for (const _ of [1, 2]) await answer({ purchaseId, code }, anyone);
    expect(await acknowledge({ purchaseId }, shop.seller())).toMatchObject({ state: "acknowledged" });
  });
});

describe("Purchase/close", () => {
  it("awaits nothing more, keeps what came, and books what comes all the same: PURCHASE_CLOSED", async () => {
    const skuId = await shop.stocked(0);
    const { purchaseId } = await ordered([{ skuId, pieces: 5 }]);
    await landed(purchaseId, "a", [{ skuId, pieces: 2 }]);
    const ref = { purchaseId, sellerId: shop.sellerId };
    for (const _ of [1, 2])
      expect(await close(ref, shop.scene())).toMatchObject({
        email: acme.email,
        view: { state: "cancelled" },
      });
    await expect(acknowledge({ purchaseId }, shop.seller())).rejects.toThrow(refused("PURCHASE_CLOSED"));
    expect((await landed(purchaseId, "b", [{ skuId, pieces: 3 }])).state).toBe("cancelled");
    expect(await shop.numbers(skuId)).toEqual({ onHand: 5, held: 0, sold: 0 });
    expect(await watched(purchaseId)).toMatchObject({ isOver: true });
  });
});

it("Purchase/watch: counts a reminder when it is overdue, once, ten at once", async () => {
  const { purchaseId } = await ordered([{ skuId: await shop.stocked(0), pieces: 5 }]);
  expect(await watched(purchaseId)).toMatchObject({ reminder: 0, isOver: false });
  await base.db.$client`update inventory.purchase set remind_at = now() where purchase_id = ${purchaseId}`;
  const all = await Promise.all(Array.from({ length: 10 }, () => watched(purchaseId)));
  expect(new Set(all.map(({ reminder }) => reminder))).toEqual(new Set([1]));
});

it("Purchase/propose: one draft a dip, of what the settings say; none where they say nothing: SUPPLIER_UNKNOWN", async () => {
  const skuId = await shop.stocked(9);
  const dip = { sellerId: shop.sellerId, skuId, dip: 1 };
  expect(await propose(dip, shop.scene())).toEqual({ isDrafted: false });
  const wanted = {
    skuId,
    backorder: false,
    serials: false,
    reorderPoint: 5,
    supplierEmail: null,
    safetyStock: 2,
  };
  const reorder = { supplierId, pieces: 40 };
  const elsewhere = { supplierId: freshId("spl"), pieces: 40 };
  await expect(configure({ ...wanted, reorder: elsewhere }, shop.seller())).rejects.toThrow(
    refused("SUPPLIER_UNKNOWN"),
  );
  await configure({ ...wanted, reorder }, shop.seller());
  expect(await settings({ skuId }, shop.seller())).toEqual({ ...wanted, reorder });
  expect((await availability({ skuIds: [skuId] }, shop.scene())).skus).toMatchObject([{ available: 7 }]);
  const before = (await list({ limit: 100 }, shop.seller())).items.length;
  await Promise.all(Array.from({ length: 10 }, () => propose(dip, shop.scene())));
  const { items } = await list({ limit: 100 }, shop.seller());
  expect(items.length).toBe(before + 1);
  expect(items[0]).toMatchObject({ state: "draft", lines: [{ skuId, pieces: 40, receivedPieces: 0 }] });
});

it("Purchase/list: newest first, by page, each once", async () => {
  const all = (await list({ limit: 100 }, shop.seller())).items.map(({ purchaseId }) => purchaseId);
  const first = await list({ limit: 2 }, shop.seller());
  const second = await list({ limit: 2, after: first.next! }, shop.seller());
  expect([...first.items, ...second.items].map(({ purchaseId }) => purchaseId)).toEqual(all.slice(0, 4));
});

it.each([
  [
    "purchase_state_known",
    "update inventory.purchase set state = 'lost', sent_at = now(), due_at = now() where purchase_id = $1",
  ],
  ["purchase_sent_before_it_comes", "update inventory.purchase set state = 'sent' where purchase_id = $1"],
  ["purchase_ended_at_its_end", "update inventory.purchase set ended_at = now() where purchase_id = $1"],
])("inventory's table of purchase orders refuses, by %s", async (constraint, statement) => {
  const { purchaseId } = await drafted([{ skuId: await shop.stocked(0), pieces: 1 }]);
  expect(await base.db.$client.unsafe(statement, [purchaseId]).catch(brokenConstraint)).toBe(constraint);
});
