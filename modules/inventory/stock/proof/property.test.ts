import fc from "fast-check";
import { freshId } from "@shopnexus/contracts/kit/id";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "../audit.ts";
import { commit } from "../commit.ts";
import { expire } from "../expire.ts";
import { level } from "../level.ts";
import { open } from "../open.ts";
import { book } from "../book.ts";
import { release } from "../release.ts";
import { reserve } from "../reserve.ts";
import { restock } from "../restock.ts";
import { answerOf, type Ask, emptyModel, SKU_COUNT } from "./model.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));

const anyHold = fc.nat({ max: 4 });
const anyAsk: fc.Arbitrary<Ask> = fc.oneof(
  fc.record({
    verb: fc.constant("book" as const),
    sku: fc.nat({ max: SKU_COUNT - 1 }),
    receipt: fc.nat({ max: 2 }),
    pieces: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    verb: fc.constant("reserve" as const),
    hold: anyHold,
    // Pieces of each SKU, at least one of them; few shapes, so that many asks are repeats.
    pieces: fc.constantFrom([1, 0, 0], [1, 2, 0], [0, 1, 1], [2, 1, 1]),
  }),
  fc.record({
    verb: fc.constantFrom("release" as const, "commit" as const, "restock" as const, "lapse" as const),
    hold: anyHold,
  }),
  fc.record({ verb: fc.constant("expire" as const) }),
);

/** A shop of its own for each run: the same small numbers stand for other ids. */
const openShop = async () => {
  const skuIds = Array.from({ length: SKU_COUNT }, () => freshId("sku")).toSorted();
  const holdIds = Array.from({ length: 5 }, () => freshId("hld"));
  await open({ sellerId, skuIds }, scene());
  return { skuIds, holdIds };
};
type Shop = Awaited<ReturnType<typeof openShop>>;

const tell = async (shop: Shop, ask: Ask): Promise<string> => {
  try {
    await perform(shop, ask);
    return "ok";
  } catch (error) {
    if (error instanceof RefusalError) return error.code;
    throw error;
  }
};

const perform = ({ skuIds, holdIds }: Shop, ask: Ask): Promise<unknown> => {
  const id = (at: number, ids: readonly string[]) => ids[at]!;
  if (ask.verb === "book") {
    const receipt = { receiptId: `r${ask.receipt}`, skuId: id(ask.sku, skuIds), pieces: ask.pieces };
    return book({ sellerId, ...receipt }, scene());
  }
  if (ask.verb === "expire") return expire({ limit: 1_000 }, scene());
  const holdId = id(ask.hold, holdIds);
  if (ask.verb === "reserve") {
    const lines = ask.pieces.flatMap((pieces, at) => (pieces > 0 ? [{ skuId: id(at, skuIds), pieces }] : []));
    return reserve({ holdId, lines }, scene());
  }
  if (ask.verb === "lapse") {
    // Never a tombstone: that one has no time at all.
    return base.db.$client`
      update inventory.hold set expires_at = now() - interval '1 s'
      where hold_id = ${holdId} and expires_at is not null`;
  }
  return { release, commit, restock }[ask.verb]({ holdId }, scene());
};

const levelsOf = ({ skuIds }: Shop) =>
  Promise.all(
    skuIds.map(async (skuId) => {
      const { onHand, held, sold } = await level({ skuId }, scene());
      return { onHand, held, sold };
    }),
  );

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

it("Stock: any steps in any order, repeated or undone before done, answer and end as the model says", async () => {
  const runOne = async (asks: readonly Ask[]): Promise<void> => {
    const shop = await openShop();
    const model = emptyModel();
    for (const ask of asks) expect([ask, await tell(shop, ask)]).toEqual([ask, answerOf(model, ask)]);
    expect(await levelsOf(shop)).toEqual(model.levels);
    expect(await audit({}, scene())).toEqual({ drifted: [] });
  };
  await fc.assert(fc.asyncProperty(fc.array(anyAsk, { minLength: 5, maxLength: 40 }), runOne), {
    numRuns: 80,
  });
}, 60_000);

/** Time passes between two rushes, not within one: no statement lasts as long as a hold. */
const withoutLapse = anyAsk.filter(({ verb }) => verb !== "lapse");
const rush = fc.array(withoutLapse, { minLength: 3, maxLength: 25 });

it("Stock: any steps at once, repeated or undone before done, leave no drift and no deadlock", async () => {
  const runOne = async (
    first: readonly Ask[],
    due: readonly number[],
    second: readonly Ask[],
  ): Promise<void> => {
    const shop = await openShop();
    for (let sku = 0; sku < SKU_COUNT; sku += 1) {
      await tell(shop, { verb: "book", sku, receipt: 9, pieces: 6 });
    }
    await Promise.all([...first, ...first].map((ask) => tell(shop, ask)));
    for (const hold of due) await tell(shop, { verb: "lapse", hold });
    await Promise.all([...second, ...second].map((ask) => tell(shop, ask)));
    expect(await audit({}, scene())).toEqual({ drifted: [] });
  };
  const rushes = fc.asyncProperty(rush, fc.uniqueArray(anyHold), rush, runOne);
  await fc.assert(rushes, { numRuns: 60 });
}, 60_000);
