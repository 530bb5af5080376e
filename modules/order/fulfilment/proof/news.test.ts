import { afterAll, beforeAll, expect, test } from "vitest";
import { restateSql } from "#app/restate-sql.ts";
import { type Database, openDatabase } from "#db/_kit/database.ts";
import { confirm } from "../../line/confirm.ts";
import { scene, versionOf } from "../../line/proof/stage.ts";
import { openOrderStage, type OrderStage, type Paid, PATIENT } from "./stage.ts";

let stage: OrderStage;
let database: Database;
beforeAll(async () => {
  stage = await openOrderStage();
  database = openDatabase(stage.shop.databaseUrl, { name: "test" });
});
afterAll(async () => {
  await database?.close();
  await stage?.close();
});

const waitsFor = async ({ orderId }: Paid): Promise<string | undefined> => {
  const query = `select value_utf8 as version from state
    where service_name = 'Fulfilment' and service_key = '${orderId}' and key = 'waitsFor'`;
  return (await restateSql<{ version: string }>(stage.shop.adminUrl, query))[0]?.version;
};

test("Fulfilment/news: a change whose own news was lost with its process is heard of with the next one", async () => {
  const paid = await stage.buy([await stage.an.offer(2_000, 5), await stage.an.offer(700, 5)]);
  const { orderId, lineIds } = paid;
  const before = await versionOf(database.db, orderId);
  await expect.poll(() => waitsFor(paid), PATIENT).toBe(String(before));
  // Two changes that nobody says a word of, as if their processes had died right after them.
  const { accountId } = stage.an;
  for (const lineId of lineIds) await confirm({ orderId, accountId, lineIds: [lineId] }, scene(database.db));
  expect(await versionOf(database.db, orderId)).toBe(before + 2);
  // The second one is repeated.
  await stage.sell(paid).confirm({ lineIds: lineIds.slice(1) });
  await expect.poll(() => stage.told(paid), PATIENT).toContain("parcel_booked");
});
