import { randomUUID } from "node:crypto";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { freshId } from "@shopnexus/contracts/kit/id";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { audit } from "../../stock/audit.ts";
import { open as openLevels } from "../../stock/open.ts";
import { inParts } from "../rules.ts";

/** As many as a file may have take half a minute. */
const ROWS = Number(process.env["IMPORT_ROWS"] ?? 2_000);

let base: TestDatabase;
const sellerId = freshId("acc");
const scene = () => sceneOf(base.db, asModule("order"));

beforeAll(async () => {
  base = await testDatabase("inventory");
  const skuIds = Array.from({ length: ROWS }, () => freshId("sku"));
  for (const part of inParts(skuIds, 5_000)) await openLevels({ sellerId, skuIds: part }, scene());
});
afterAll(() => base.close());

const startSender = (attemptId: string, pieces: number) => {
  const file = new URL("./sender.ts", import.meta.url).pathname;
  const child = spawn(process.execPath, [file, base.url, sellerId, attemptId, String(pieces)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  /** What it says next, once it has said this. */
  const after = async (word: string): Promise<unknown> => {
    expect(await lines.next()).toMatchObject({ value: word });
    return undefined;
  };
  return { child, after };
};

const backends = (): Promise<{ isLocked: boolean }[]> => base.db.$client`
  select wait_event_type = 'Lock' as "isLocked" from pg_stat_activity
  where datname = current_database() and application_name = 'shopnexus/sender'`;

const kill = async (child: ChildProcess): Promise<void> => {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
};
/** The server may still be at what the dead process asked it. */
const settled = () => expect.poll(backends, { timeout: 30_000 }).toEqual([]);

/** How many levels and shelves have so many pieces, and how many movements led there. */
const bookedOf = async (pieces: number): Promise<number[]> => {
  const [row] = await base.db.$client<{ levels: number; shelves: number; counts: number }[]>`
    select (select count(*)::int from inventory.level where seller_id = ${sellerId} and on_hand = ${pieces}) as levels,
      (select count(*)::int from inventory.shelf where on_hand = ${pieces}) as shelves,
      (select count(*)::int from inventory.movement where reason = 'count') as counts`;
  return [row?.levels ?? 0, row?.shelves ?? 0, row?.counts ?? 0];
};

/** Waits in the middle of the booking for `blocked`, and is killed there. */
const killAt = async (
  attemptId: string,
  blocked: (sql: TestDatabase["db"]["$client"]) => Promise<unknown>,
) => {
  const { child, after } = startSender(attemptId, 3);
  await after("arriving");
  const sql = base.db.$client;
  await sql.begin(async (tx) => {
    await blocked(tx as unknown as typeof sql);
    await after("booking");
    await expect.poll(backends, { timeout: 60_000 }).toEqual([{ isLocked: true }]);
    await kill(child);
  });
  await settled();
};

it("Import: killed while it arrives, before the first row is booked and after the last, a file leaves nothing, and again is booked whole", async () => {
  const attemptId = randomUUID();
  const { child, after } = startSender(attemptId, 3);
  await after("arriving");
  await kill(child);
  await settled();
  expect(await bookedOf(3)).toEqual([0, 0, 0]);
  await killAt(
    attemptId,
    (sql) =>
      sql`select from inventory.level where seller_id = ${sellerId} order by sku_id desc limit 1 for update`,
  );
  expect(await bookedOf(3)).toEqual([0, 0, 0]);
  // All of it is booked when the rows that arrived are thrown away, in the same transaction.
  await killAt(attemptId, (sql) => sql`select from inventory.import_row order by line limit 1 for update`);
  expect(await bookedOf(3)).toEqual([0, 0, 0]);
  const beganMs = performance.now();
  const last = startSender(attemptId, 3);
  for (const word of ["arriving", "booking", "applied"]) await last.after(word);
  console.log(`${ROWS} rows: ${Math.round(performance.now() - beganMs)} ms from start to booked`);
  expect(await bookedOf(3)).toEqual([ROWS, ROWS, ROWS]);
  await settled();
  expect(await audit({}, scene())).toEqual({ drifted: [] });
}, 240_000);

it("Import: killed anywhere a file is booked whole or not at all, and again it is booked once", async () => {
  const attemptId = randomUUID();
  const { child, after } = startSender(attemptId, 4);
  await after("arriving");
  await after("booking");
  await new Promise((go) => setTimeout(go, Math.random() * 0.02 * ROWS));
  await kill(child);
  await settled();
  expect([0, ROWS]).toContain((await bookedOf(4))[0]);
  const again = startSender(attemptId, 4);
  for (const word of ["arriving", "booking", "applied"]) await again.after(word);
  expect(await bookedOf(4)).toEqual([ROWS, ROWS, 2 * ROWS]);
  await settled();
  expect(await audit({}, scene())).toEqual({ drifted: [] });
}, 240_000);
