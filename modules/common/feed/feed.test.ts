import { randomUUID } from "node:crypto";
import type { In, Out } from "@shopnexus/contracts/kit/contract";
import { Feed } from "@shopnexus/contracts/common/feed";
import { asc, sql } from "drizzle-orm";
import { afterAll, beforeEach, expect, test } from "vitest";
import { event } from "#db/common/tables.ts";
import { asAccount, asModule, sceneOf } from "#tools/testkit/scene.ts";
import { testDatabase, type TestDatabase } from "#tools/testkit/database.ts";
import { append } from "./append.ts";
import { read } from "./read.ts";

/** One for each test: a feed is read from its beginning. */
let database: TestDatabase;
const opened: TestDatabase[] = [];
beforeEach(async () => {
  database = await testDatabase("common");
  opened.push(database);
});
afterAll(() => Promise.all(opened.map((one) => one.close())));

type Given = In<typeof Feed, "append">["events"][number];
type Page = Out<typeof Feed, "read">;
const happening = (eventKey: string = randomUUID(), rest: Partial<Given> = {}): Given => ({
  eventKey,
  kind: "order.placed",
  subject: "ord_1",
  data: {},
  ...rest,
});
const appended = (...events: Given[]) => append({ events }, sceneOf(database.db, asModule("order")));
const page = (input: In<typeof Feed, "read">): Promise<Page> =>
  read(input, sceneOf(database.db, asAccount(undefined, "operator")));

/** Everything from the beginning, or after `after`, a page at a time. */
const readAll = async (limit: number, after?: string): Promise<string[]> => {
  const { items, next } = await page(after === undefined ? { limit } : { limit, after });
  const keys = items.map(({ eventKey }) => eventKey);
  return next === undefined ? keys : [...keys, ...(await readAll(limit, next))];
};
/** Other tests write on the same server, and what they write holds ours back for a moment. */
const eventually = { timeout: 20_000 };

test("Feed/append: what was appended is read, oldest first, with all its fields", async () => {
  const events = [
    happening("a", { data: { totals: [1, { minor: 2 }] } }),
    happening("b", { kind: "checkout.closed" }),
  ];
  await appended(...events);
  await appended(happening("c"));
  await expect.poll(() => readAll(100), eventually).toEqual(["a", "b", "c"]);
  const { items, next } = await page({});
  expect(items.slice(0, 2)).toMatchObject(events);
  expect(next).toBeUndefined();
  expect(Feed._handlers.read.output.parse({ items })).toEqual({ items });
});

test("Feed/append: the same key, ten times at once and twice in one call, is appended once, and the first stays", async () => {
  await appended(happening("once", { subject: "first" }), happening("once", { subject: "second" }));
  await Promise.all(
    Array.from({ length: 10 }, () => appended(happening("once", { subject: "third" }), happening())),
  );
  const rows = await database.db.select().from(event).where(sql`event_key = 'once'`);
  expect(rows.map(({ subject }) => subject)).toEqual(["first"]);
  expect(await database.db.$count(event)).toBe(11);
});

test("Feed/append: calls that share keys in opposite order both succeed", async () => {
  const keys = Array.from({ length: 50 }, (_, at) => `shared-${at}`);
  const calls = Array.from({ length: 8 }, (_, at) =>
    appended(...(at % 2 ? keys : keys.toReversed()).map((key) => happening(key))),
  );
  await Promise.all(calls);
  expect(await database.db.$count(event)).toBe(50);
});

test("Feed/read: pages hold every event once, in order, and the last has no next", async () => {
  const keys = Array.from({ length: 25 }, (_, at) => `page-${String(at).padStart(2, "0")}`);
  for (const key of keys) await appended(happening(key));
  await expect.poll(() => readAll(100), eventually).toEqual(keys);
  expect(await readAll(7)).toEqual(keys);
  const { items, next } = await page({ limit: 10 });
  expect(items).toHaveLength(10);
  expect(await readAll(25, next)).toEqual(keys.slice(10));
  expect((await page({})).items).toHaveLength(20);
});

test("Feed/read: an event is not shown while one that goes before it may still be committed", async () => {
  const early = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const slow = database.db.transaction(async (tx) => {
    await tx.insert(event).values({ ...happening("slow"), eventId: "evt_slow" });
    written.resolve();
    await early.promise;
  });
  await written.promise;
  await appended(happening("fast"));
  expect(await readAll(100)).toEqual([]);
  early.resolve();
  await slow;
  await expect.poll(() => readAll(100), eventually).toEqual(["slow", "fast"]);
});

test("Feed/read: a reader who follows along sees every event exactly once, in the order that all see", async () => {
  const seen: string[] = [];
  let cursor: string | undefined;
  const follow = async () => {
    const { items, next } = await page({ limit: 50, ...(cursor === undefined ? {} : { after: cursor }) });
    // The last page has no next: a follower comes back to where the page before ended.
    if (next === undefined) return items.map(({ eventKey }) => eventKey);
    seen.push(...items.map(({ eventKey }) => eventKey));
    cursor = next;
    return [];
  };
  const writers = { areDone: false };
  const appends = Array.from({ length: 300 }, () => appended(happening(), happening()));
  const written = Promise.all(appends).finally(() => {
    writers.areDone = true;
  });
  while (!writers.areDone) await follow();
  await written;
  await expect.poll(async () => seen.length + (await follow()).length, eventually).toBe(600);
  const rows = await database.db.select().from(event).orderBy(asc(event.writtenIn), asc(event.position));
  expect([...seen, ...(await follow())]).toEqual(rows.map(({ eventKey }) => eventKey));
});

test("Feed/read: a cursor that no page gave is INVALID_INPUT", async () => {
  for (const after of ["yesterday", "1", "1-2; drop table event"]) {
    await expect(page({ after })).rejects.toMatchObject({ code: "INVALID_INPUT" });
  }
});
