import { afterAll, beforeAll, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { isIn, slicesOf } from "./slices.ts";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase("inventory");
});
afterAll(() => base?.close());

const COUNT = 25_000;

test("slices: every row is in one of them, also one that comes before or after all others", async () => {
  const sql = base.db.$client;
  await sql`create table public.thing (id text primary key)`;
  await sql`insert into public.thing select 'ord_' || lpad(to_hex(g), 32, '0') from generate_series(1, ${COUNT}::int) g`;
  const slices = await slicesOf(sql, "public.thing", "id");
  expect(slices).toHaveLength(3);
  await sql`insert into public.thing values ('!'), ('zzz')`;
  const seen: string[] = [];
  for (const slice of slices) {
    const rows = await sql<{ id: string }[]>`select id from public.thing where ${isIn(sql, "id", slice)}`;
    seen.push(...rows.map(({ id }) => id));
  }
  expect(seen).toHaveLength(COUNT + 2);
  expect(new Set(seen).size).toBe(COUNT + 2);
});

test("slices: of nothing there is one, for what nobody knows of", async () => {
  await base.db.$client`create table public.nothing (id text primary key)`;
  expect(await slicesOf(base.db.$client, "public.nothing", "id")).toEqual([{ after: "", upTo: null }]);
});
