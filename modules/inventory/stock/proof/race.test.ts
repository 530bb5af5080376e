import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "../audit.ts";
import { commit } from "../commit.ts";
import { level } from "../level.ts";
import { open } from "../open.ts";
import { book } from "../book.ts";
import { release } from "../release.ts";
import { reserve } from "../reserve.ts";

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));

const stocked = async (pieces: number): Promise<string> => {
  const skuId = freshId("sku");
  await open({ sellerId, skuIds: [skuId] }, scene());
  await book({ sellerId, receiptId: "first", skuId, pieces }, scene());
  return skuId;
};

/** A process that waits for the word, and then for its outcomes. */
const startBuyer = async (skuId: string, holds: number) => {
  const file = new URL("./buyer.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [file, base.url, skuId, String(holds), "16"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect(await lines.next()).toMatchObject({ value: "ready" });
  return async (): Promise<string[]> => {
    const ended = once(child, "exit");
    child.stdin.end("go");
    const { value } = await lines.next();
    expect(await ended).toEqual([0, null]);
    return JSON.parse(value ?? "[]") as string[];
  };
};

beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base.close());

it("Stock/reserve: 500 buyers in 4 processes get exactly the 100 pieces there are; 400 hear OUT_OF_STOCK", async () => {
  const skuId = await stocked(100);
  const buyers = await Promise.all(Array.from({ length: 4 }, () => startBuyer(skuId, 125)));
  const outcomes = (await Promise.all(buyers.map((go) => go()))).flat();
  const count = (outcome: string) => outcomes.filter((one) => one === outcome).length;
  expect([count("held"), count("OUT_OF_STOCK"), outcomes.length]).toEqual([100, 400, 500]);
  expect(await level({ skuId }, scene())).toEqual({ skuId, available: 0, onHand: 100, held: 100, sold: 0 });
  expect(await audit({}, scene())).toEqual({ drifted: [] });
});

it("Stock/reserve: orders over the same SKUs in opposite orders never wait for each other in a circle", async () => {
  const skuIds = await Promise.all(Array.from({ length: 6 }, () => stocked(1_000)));
  const deadlocks = await countDeadlocks();
  const buy = async (turn: number): Promise<void> => {
    const holdId = freshId("hld");
    const order = turn % 2 === 0 ? skuIds : skuIds.toReversed();
    await reserve({ holdId, lines: order.map((skuId) => ({ skuId, pieces: 1 })) }, scene());
    await (turn % 3 === 0 ? release({ holdId }, scene()) : commit({ holdId }, scene()));
  };
  await Promise.all(Array.from({ length: 200 }, (_, turn) => buy(turn)));
  const { held, sold } = await level({ skuId: skuIds[0] ?? "" }, scene());
  expect({ held, sold }).toEqual({ held: 0, sold: 133 });
  expect(await countDeadlocks()).toBe(deadlocks);
  expect(await audit({}, scene())).toEqual({ drifted: [] });
});

const countDeadlocks = async (): Promise<unknown> => {
  const [row] = await base.db.$client`
    select deadlocks from pg_stat_database where datname = current_database()`;
  return row?.["deadlocks"];
};
