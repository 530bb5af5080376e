import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asAnyone, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { put } from "../category/put.ts";
import { browse } from "./browse.ts";
import { hide } from "./hide.ts";
import { publish } from "./publish.ts";
import { read } from "./read.ts";
import { record } from "./record.ts";
import { reprice } from "./reprice.ts";
import { snapshot } from "./snapshot.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));
const asSeller = (accountId = sellerId) => sceneOf(base.db, asAccount(accountId, "seller"));
const refused = (code: string, data?: object) =>
  expect.objectContaining({ code, ...(data && { data: expect.objectContaining(data) }) });
const eur = (minor: number) => ({ minor, currency: "EUR" });

const boxed = { length: 120, width: 80, height: 60 };

const drafted = (rest: object = {}) => ({
  listingId: freshId("lst"),
  sellerId,
  title: "Watch",
  description: "Tells the time.\nTwice a day.",
  category: "watches",
  brand: "Kronos",
  skus: [
    { code: "steel", price: eur(900), weightGrams: 80, sizeMm: boxed },
    { code: "gold", price: eur(500), weightGrams: 120 },
  ],
  ...rest,
});
const recorded = (rest: object = {}) => record(drafted(rest), scene());
const published = async (rest: object = {}) => {
  const listing = await recorded(rest);
  await publish({ listingId: listing.listingId }, asSeller());
  return listing;
};

beforeAll(async () => {
  base = await testDatabase("catalog");
  const operator = sceneOf(base.db, asAccount(undefined, "operator"));
  for (const slug of ["watches", "shelf-one", "shelf-two"]) await put({ slug, name: slug }, operator);
});
afterAll(() => base.close());

describe("Listing/record", () => {
  it("writes a draft down with its SKUs as ordered", async () => {
    const ask = drafted();
    const listing = await record(ask, scene());
    expect(listing).toMatchObject({ ...ask, state: "draft" });
    expect(new Set(listing.skus.map(({ skuId }) => skuId)).size).toBe(2);
  });

  it("the same listing again, also at once, is the one first written", async () => {
    const ask = drafted();
    const all = await Promise.all(Array.from({ length: 8 }, () => record(ask, scene())));
    const again = await record({ ...ask, title: "Another", skus: ask.skus.slice(0, 1) }, scene());
    for (const one of [...all, again]) expect(one).toEqual(all[0]);
  });

  it("keeps the size of what has one, all three sides of it", async () => {
    const listing = await recorded();
    expect(listing.skus.map(({ sizeMm }) => sizeMm)).toEqual([boxed, null]);
    const [steel] = listing.skus;
    const broken = await base.db.$client`
      update catalog.sku set width_mm = null where sku_id = ${steel?.skuId ?? ""}`.catch(brokenConstraint);
    expect(broken).toBe("sku_size_whole_and_above_zero");
  });

  it("leaves out a brand that was not given", async () => {
    const { brand: _, ...ask } = drafted();
    expect(await record(ask, scene())).not.toHaveProperty("brand");
  });

  it("refuses a category that there is not, and writes nothing: CATEGORY_UNKNOWN", async () => {
    const ask = drafted({ category: "clocks" });
    await expect(record(ask, scene())).rejects.toThrow(refused("CATEGORY_UNKNOWN"));
    await expect(publish({ listingId: ask.listingId }, asSeller())).rejects.toThrow(
      refused("LISTING_UNKNOWN"),
    );
  });

  it("refuses two SKUs with one code: SKU_CODE_TWICE", async () => {
    const [one] = drafted().skus;
    await expect(recorded({ skus: [one, one] })).rejects.toThrow(refused("SKU_CODE_TWICE"));
  });
});

describe("Listing/publish and Listing/hide", () => {
  it("put a listing up for anyone to read and take it off, and again changes nothing", async () => {
    const { listingId } = await recorded();
    const ask = () => read({ listingId }, sceneOf(base.db, asAnyone));
    await expect(ask()).rejects.toThrow(refused("LISTING_UNKNOWN"));
    for (const _ of [1, 2]) await publish({ listingId }, asSeller());
    expect(await ask()).toMatchObject({ listingId, state: "published" });
    for (const _ of [1, 2]) await hide({ listingId }, asSeller());
    await expect(ask()).rejects.toThrow(refused("LISTING_UNKNOWN"));
    await publish({ listingId }, asSeller());
    expect(await ask()).toMatchObject({ state: "published" });
  });

  it("keep the time of the first in a repeat", async () => {
    const { listingId } = await published();
    const timeOf = () =>
      base.db.$client`select published_at, hidden_at from catalog.listing where listing_id = ${listingId}`;
    const first = await timeOf();
    await publish({ listingId }, asSeller());
    expect(await timeOf()).toEqual(first);
  });

  it.each([
    ["publish", publish],
    ["hide", hide],
  ])("%s refuses an unknown listing and somebody else's: LISTING_UNKNOWN", async (_verb, verb) => {
    const { listingId } = await recorded();
    await expect(verb({ listingId }, asSeller(freshId("acc")))).rejects.toThrow(refused("LISTING_UNKNOWN"));
    await expect(verb({ listingId: freshId("lst") }, asSeller())).rejects.toThrow(refused("LISTING_UNKNOWN"));
  });
});

describe("Listing/reprice", () => {
  it("sets the price of one SKU alone, and again changes nothing", async () => {
    const { listingId, skus } = await published();
    for (const _ of [1, 2]) await reprice({ skuId: skus[0]!.skuId, price: eur(0) }, asSeller());
    expect((await read({ listingId }, scene())).skus.map(({ price }) => price)).toEqual([eur(0), eur(500)]);
  });

  it("refuses an unknown SKU and somebody else's: SKU_UNAVAILABLE", async () => {
    const { skus } = await published();
    const { skuId } = skus[0]!;
    const unknown = freshId("sku");
    await expect(reprice({ skuId, price: eur(1) }, asSeller(freshId("acc")))).rejects.toThrow(
      refused("SKU_UNAVAILABLE", { skuIds: [skuId] }),
    );
    await expect(reprice({ skuId: unknown, price: eur(1) }, asSeller())).rejects.toThrow(
      refused("SKU_UNAVAILABLE", { skuIds: [unknown] }),
    );
    expect((await snapshot({ skuIds: [skuId] }, scene())).skus[0]?.price).toEqual(eur(900));
  });
});

describe("Listing/browse", () => {
  it("gives published listings of a category, newest first, page by page, at their lowest price", async () => {
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      const listingId = `lst_${String(at).padStart(32, "0")}`;
      ids.unshift((await published({ listingId, category: "shelf-one" })).listingId);
    }
    await recorded({ category: "shelf-one" });
    await hide({ listingId: (await published({ category: "shelf-one" })).listingId }, asSeller());
    await published({ category: "shelf-two" });
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await browse({ category: "shelf-one", limit: 2, ...(after && { after }) }, scene());
      seen.push(...page.items.map(({ listingId }) => listingId));
      expect(page.items[0]).toMatchObject({ category: "shelf-one", title: "Watch", from: eur(500) });
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual(ids);
  });

  it("gives all categories when none is asked, and an empty page for one without listings", async () => {
    const all = await browse({ limit: 100 }, scene());
    expect(new Set(all.items.map(({ category }) => category))).toContain("shelf-two");
    expect(await browse({ category: "nowhere" }, scene())).toEqual({ items: [] });
  });

  it("refuses a cursor of another make: INVALID_INPUT", async () => {
    await expect(browse({ after: "2" }, scene())).rejects.toThrow(refused("INVALID_INPUT"));
  });
});

describe("Listing/snapshot", () => {
  it("gives what a checkout freezes, in the order asked, across listings", async () => {
    const [one, other] = [await published(), await published({ title: "Clock" })];
    const skuIds = [other.skus[1]!.skuId, one.skus[0]!.skuId];
    expect((await snapshot({ skuIds }, scene())).skus).toEqual([
      {
        ...about(other, "Clock"),
        skuId: skuIds[0],
        code: "gold",
        price: eur(500),
        weightGrams: 120,
        sizeMm: null,
      },
      {
        ...about(one, "Watch"),
        skuId: skuIds[1],
        code: "steel",
        price: eur(900),
        weightGrams: 80,
        sizeMm: boxed,
      },
    ]);
  });

  it("refuses when one is unknown, of a draft, or hidden, and names them all: SKU_UNAVAILABLE", async () => {
    const [good, draft, hidden] = [await published(), await recorded(), await published()];
    await hide({ listingId: hidden.listingId }, asSeller());
    const gone = [freshId("sku"), draft.skus[0]!.skuId, hidden.skus[0]!.skuId];
    await expect(snapshot({ skuIds: [good.skus[0]!.skuId, ...gone] }, scene())).rejects.toThrow(
      refused("SKU_UNAVAILABLE", { skuIds: gone }),
    );
  });

  it("refuses the same SKU twice: INVALID_INPUT", async () => {
    const skuId = freshId("sku");
    await expect(snapshot({ skuIds: [skuId, skuId] }, scene())).rejects.toThrow(refused("INVALID_INPUT"));
  });
});

const about = ({ listingId }: { listingId: string }, title: string) => ({
  listingId,
  sellerId,
  title,
  category: "watches",
});
