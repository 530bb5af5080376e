import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshId } from "@shopnexus/contracts/kit/id";
import { CART_LINE_COUNT_MAX } from "@shopnexus/contracts/order/cart";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { clear } from "./clear.ts";
import { put } from "./put.ts";
import { read } from "./read.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase("order");
});
afterAll(() => database?.close());

const buyer = () => {
  const accountId = freshId("acc");
  const scene = () => sceneOf(database.db, asAccount(accountId));
  return {
    accountId,
    put: (...lines: { skuId: string; pieces: number }[]) => put({ lines }, scene()),
    cart: async () => (await read({}, scene())).lines,
    clear: (checkoutId: string, ...skuIds: string[]) =>
      clear({ accountId, checkoutId, skuIds }, sceneOf(database.db, asModule("order"))),
  };
};
const lines = (count: number) => Array.from({ length: count }, () => ({ skuId: freshId("sku"), pieces: 1 }));

describe("Cart/put and Cart/read", () => {
  it("a cart begins empty, and keeps the order in which things were put in", async () => {
    const mai = buyer();
    expect(await mai.cart()).toEqual([]);
    const [first, second] = [lines(6).toSorted((a, b) => (a.skuId < b.skuId ? 1 : -1)), lines(3)];
    expect(await mai.put(...first)).toEqual({ lines: first });
    expect(await mai.put(...second)).toEqual({ lines: [...first, ...second] });
    expect(await mai.cart()).toEqual([...first, ...second]);
  });

  it("pieces are set and not added; the line keeps its place; the same put again changes nothing", async () => {
    const mai = buyer();
    const [one, two] = lines(2) as [{ skuId: string; pieces: number }, { skuId: string; pieces: number }];
    await mai.put(one, two);
    for (let times = 0; times < 2; times++) await mai.put({ ...one, pieces: 7 });
    expect(await mai.cart()).toEqual([{ ...one, pieces: 7 }, two]);
  });

  it("zero takes a line out, also one that is not in", async () => {
    const mai = buyer();
    const [one, two] = lines(2) as [{ skuId: string; pieces: number }, { skuId: string; pieces: number }];
    await mai.put(one, two);
    expect(await mai.put({ ...one, pieces: 0 }, { skuId: freshId("sku"), pieces: 0 })).toEqual({
      lines: [two],
    });
  });

  it("one line too many is refused (CART_FULL), and nothing of that put stays", async () => {
    const mai = buyer();
    const full = lines(CART_LINE_COUNT_MAX);
    await mai.put(...full);
    const [more] = lines(1) as [{ skuId: string; pieces: number }];
    const [old] = full as [{ skuId: string; pieces: number }];
    await expect(mai.put({ ...old, pieces: 5 }, more)).rejects.toMatchObject({
      code: "CART_FULL",
      status: 409,
    });
    expect(await mai.cart()).toEqual(full);
    expect((await mai.put({ ...old, pieces: 0 }, more)).lines).toHaveLength(CART_LINE_COUNT_MAX);
  });

  it("two at once cannot fill a cart beyond what it holds (CART_FULL)", async () => {
    const mai = buyer();
    await mai.put(...lines(CART_LINE_COUNT_MAX - 1));
    const ends = await Promise.allSettled(lines(6).map((line) => mai.put(line)));
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    expect(refused).toHaveLength(5);
    for (const reason of refused) expect(reason).toMatchObject({ code: "CART_FULL" });
    expect(await mai.cart()).toHaveLength(CART_LINE_COUNT_MAX);
  });

  it("carts do not mix: nobody sees or changes somebody else's", async () => {
    const [mai, linh] = [buyer(), buyer()];
    const [one] = lines(1) as [{ skuId: string; pieces: number }];
    await Promise.all([mai.put(one), linh.put({ ...one, pieces: 3 })]);
    await linh.clear(freshId("chk"), one.skuId);
    expect(await mai.cart()).toEqual([one]);
    expect(await linh.cart()).toEqual([]);
  });
});

describe("Cart/clear", () => {
  it("takes out what a checkout bought, once: what was put in since stays", async () => {
    const mai = buyer();
    const [bought, kept] = lines(2) as [{ skuId: string; pieces: number }, { skuId: string; pieces: number }];
    const checkoutId = freshId("chk");
    await mai.put(bought, kept);
    await mai.clear(checkoutId, bought.skuId);
    expect(await mai.cart()).toEqual([kept]);
    await mai.put({ ...bought, pieces: 2 });
    for (let times = 0; times < 3; times++) await mai.clear(checkoutId, bought.skuId);
    expect(await mai.cart()).toEqual([kept, { ...bought, pieces: 2 }]);
    await mai.clear(freshId("chk"), bought.skuId);
    expect(await mai.cart()).toEqual([kept]);
  });

  it("of what is not in a cart it takes nothing, however often and at once", async () => {
    const mai = buyer();
    const checkoutId = freshId("chk");
    const crowd = Array.from({ length: 5 }, () => mai.clear(checkoutId, freshId("sku")));
    expect(await Promise.all(crowd)).toEqual(Array.from({ length: 5 }, () => ({})));
  });
});
