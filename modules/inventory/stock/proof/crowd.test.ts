import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "../audit.ts";
import { book } from "../book.ts";
import { open } from "../open.ts";
import { reserve } from "../reserve.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));
const PROCESSES = 4;

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

const openShop = async (holdCount: number) => {
  const skuIds = Array.from({ length: 4 }, () => freshId("sku"));
  await open({ sellerId, skuIds }, scene());
  for (const skuId of skuIds) await book({ sellerId, receiptId: "first", skuId, pieces: holdCount }, scene());
  return { skuIds, holdIds: Array.from({ length: holdCount }, () => freshId("hld")) };
};
type Shop = Awaited<ReturnType<typeof openShop>>;

const startOne = async ({ skuIds, holdIds }: Shop, seed: number, rounds: number) => {
  const file = new URL("./crowd.ts", import.meta.url).pathname;
  const args = [file, base.url, String(seed), String(rounds), skuIds.join(), holdIds.join()];
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const heard = async (word: string) => expect(await lines.next()).toMatchObject({ value: word });
  await heard("ready");
  return { child, heard, ended: once(child, "exit") };
};

/** Runs the crowd; `meanwhile` gets each of its processes at its own half time: another may be done by then. */
const run = async (shop: Shop, rounds: number, meanwhile: (child: ChildProcess, at: number) => void) => {
  const crowd = await Promise.all(
    Array.from({ length: PROCESSES }, (_, at) => startOne(shop, at + 1, rounds)),
  );
  for (const { child } of crowd) child.stdin?.end("go");
  await Promise.all(
    crowd.map(async ({ heard, child }, at) => {
      await heard("half");
      meanwhile(child, at);
    }),
  );
  return (await Promise.all(crowd.map(({ ended }) => ended))).map(([code, signal]) => code ?? signal);
};

const drift = async () => (await audit({}, scene())).drifted;
const deadlocks = async (): Promise<unknown> => {
  const [row] = await base.db.$client`
    select deadlocks::int as n from pg_stat_database where datname = current_database()`;
  return row?.["n"];
};

it("Stock: 4 processes that reserve, commit, release, restock and expire the same holds never drift, fault or deadlock", async () => {
  const shop = await openShop(60);
  expect(await run(shop, 25, () => undefined)).toEqual([0, 0, 0, 0]);
  expect(await drift()).toEqual([]);
  expect(await deadlocks()).toBe(0);
}, 60_000);

it("Stock: a process that is killed amid batches leaves every level the sum of its movements, and nothing locked", async () => {
  const shop = await openShop(60);
  const ends = await run(shop, 25, (child, at) => {
    if (at < 2) child.kill("SIGKILL");
  });
  expect(ends).toEqual(["SIGKILL", "SIGKILL", 0, 0]);
  expect(await drift()).toEqual([]);
  const [skuId = ""] = shop.skuIds;
  await book({ sellerId, receiptId: "second", skuId, pieces: 1 }, scene());
  await reserve({ holdId: freshId("hld"), lines: [{ skuId, pieces: 1 }] }, scene());
  expect(await drift()).toEqual([]);
}, 60_000);
