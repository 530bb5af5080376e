import { freshId } from "@shopnexus/contracts/kit/id";
import { LOCATION_COUNT_MAX } from "@shopnexus/contracts/inventory/location";
import { afterAll, beforeAll, expect, it } from "vitest";
import { brokenConstraint } from "#db/_kit/transaction.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { open } from "../stock/open.ts";
import { add } from "./add.ts";
import { choose } from "./choose.ts";
import { list } from "./list.ts";

let base: TestDatabase;
const asSeller = (accountId: string) => sceneOf(base.db, asAccount(accountId, "seller"));
const refused = (code: string) => expect.objectContaining({ code });
const namesOf = async (accountId: string) => {
  const { locations } = await list({}, asSeller(accountId));
  return locations.map(({ name, isDefault }) => (isDefault ? `${name}!` : name));
};

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

it("Location/add: twenty at once under one name are one location, and the first of all is the default", async () => {
  const seller = freshId("acc");
  const all = await Promise.all(Array.from({ length: 20 }, () => add({ name: "Hanoi" }, asSeller(seller))));
  expect(new Set(all.map(({ locationId }) => locationId)).size).toBe(1);
  await add({ name: "Da Nang" }, asSeller(seller));
  expect(await namesOf(seller)).toEqual(["Hanoi!", "Da Nang"]);
});

it("Location/add: a seller's first level brings a default location, once", async () => {
  const seller = freshId("acc");
  const opened = () =>
    open({ sellerId: seller, skuIds: [freshId("sku")] }, sceneOf(base.db, asModule("catalog")));
  await Promise.all(Array.from({ length: 10 }, opened));
  expect(await namesOf(seller)).toEqual(["Main!"]);
});

it("Location/add: refuses one too many, also at once: LOCATIONS_FULL", async () => {
  const seller = freshId("acc");
  const names = Array.from({ length: LOCATION_COUNT_MAX + 5 }, (_, at) => `No ${at}`);
  const all = await Promise.allSettled(names.map((name) => add({ name }, asSeller(seller))));
  const refusals = all.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
  expect(refusals).toEqual(Array(5).fill(refused("LOCATIONS_FULL")));
  expect(await namesOf(seller)).toHaveLength(LOCATION_COUNT_MAX);
});

it("Location/choose: there is one default, also when two are chosen at once", async () => {
  const seller = freshId("acc");
  const added = [];
  for (const name of ["a", "b", "c"]) added.push(await add({ name }, asSeller(seller)));
  await Promise.all([...added, ...added].map(({ locationId }) => choose({ locationId }, asSeller(seller))));
  expect((await namesOf(seller)).filter((name) => name.endsWith("!"))).toHaveLength(1);
  const [first] = added;
  expect(await choose({ locationId: first!.locationId }, asSeller(seller))).toMatchObject({
    isDefault: true,
  });
  expect(await namesOf(seller)).toEqual(["a!", "b", "c"]);
});

it("Location/choose: refuses somebody else's, and none: LOCATION_UNKNOWN", async () => {
  const [seller, other] = [freshId("acc"), freshId("acc")];
  const { locationId } = await add({ name: "mine" }, asSeller(seller));
  await expect(choose({ locationId }, asSeller(other))).rejects.toThrow(refused("LOCATION_UNKNOWN"));
  await expect(choose({ locationId: freshId("loc") }, asSeller(seller))).rejects.toThrow(
    refused("LOCATION_UNKNOWN"),
  );
});

it("inventory's table of locations refuses a second default, by location_one_default_a_seller", async () => {
  const seller = freshId("acc");
  for (const name of ["a", "b"]) await add({ name }, asSeller(seller));
  const both = base.db.$client`update inventory.location set is_default = true where seller_id = ${seller}`;
  expect(await both.catch(brokenConstraint)).toBe("location_one_default_a_seller");
});
