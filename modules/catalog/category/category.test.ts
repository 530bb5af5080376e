import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asAnyone, sceneOf } from "#tools/testkit/scene.ts";
import { list } from "./list.ts";
import { put } from "./put.ts";

let base: TestDatabase;
const operator = () => sceneOf(base.db, asAccount(undefined, "operator"));

beforeAll(async () => {
  base = await testDatabase("catalog");
});
afterAll(() => base.close());

describe("Category/put", () => {
  it("the same category again, also at once, is the same category", async () => {
    const ask = { slug: "womens-watches", name: "Women's watches" };
    const all = await Promise.all(Array.from({ length: 32 }, () => put(ask, operator())));
    expect(new Set(all.map(({ categoryId }) => categoryId)).size).toBe(1);
    expect(all[0]).toMatchObject(ask);
  });

  it("renames the one with this slug", async () => {
    const first = await put({ slug: "beauty", name: "Beauty" }, operator());
    const renamed = await put({ slug: "beauty", name: "Aesthetics" }, operator());
    expect(renamed).toEqual({ ...first, name: "Aesthetics" });
  });
});

describe("Category/list", () => {
  it("gives all categories by name", async () => {
    const { categories } = await list({}, sceneOf(base.db, asAnyone));
    expect(categories.map(({ name }) => name)).toEqual(["Aesthetics", "Women's watches"]);
  });
});
