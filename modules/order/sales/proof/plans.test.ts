/** What people read costs the same in a shop with many orders: every statement finds its rows by an index. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { drizzle } from "drizzle-orm/postgres-js";
import type { Db } from "#db/_kit/database.ts";
import type { StepScene } from "#modules/_kit/handler.ts";
import { makeOrders } from "#tools/audit/bulk.ts";
import { type TestDatabase, testDatabase } from "#tools/testkit/database.ts";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { follow } from "../../order/follow.ts";
import { list as listOrders } from "../../order/list.ts";
import { listCheckouts } from "../../order/list-checkouts.ts";
import { read } from "../../order/read.ts";
import { tabs as tabsOfBuyer } from "../../order/tabs.ts";
import { timeline } from "../../order/timeline.ts";
import { inbox } from "../inbox.ts";
import { list } from "../list.ts";
import { pending } from "../pending.ts";
import { series } from "../series.ts";
import { summary } from "../summary.ts";
import { tabs } from "../tabs.ts";
import { top } from "../top.ts";

const ORDERS = 5_000;
let database: TestDatabase;
let client: Db["$client"];
let seen: string[] = [];
let sellerId = "";
let buyerId = "";
let buyers: StepScene;
let sellers: StepScene;

beforeAll(async () => {
  database = await testDatabase("account", "inventory", "order");
  client = database.db.$client;
  await makeOrders(client, ORDERS);
  await fill();
  const db = drizzle({ client, logger: { logQuery: (query) => seen.push(query) } }) as unknown as Db;
  const [one] =
    await client`select seller_id, buyer_id from "order"."order" where tab = 'to_confirm' limit 1`;
  sellerId = one?.["seller_id"];
  buyerId = one?.["buyer_id"];
  sellers = sceneOf(db, asAccount(sellerId, "seller"));
  buyers = sceneOf(db, asAccount(buyerId));
});
afterAll(() => database?.close());

/** A year of sales, and of what the bulk leaves out: claims, parcels, shipments, facts. */
const fill = async () => {
  await client`update "order"."order" set placed_at = now() - ('x' || right(order_id, 8))::bit(32)::int * interval '100 minutes'`;
  await client`
    insert into "order".claim (refund_id, order_id, checkout_id, buyer_id, seller_id, claim_key, body_hash, reason, says,
      evidence, currency, asked_minor, share_minor, share_currency, state, version)
    select replace(order_id, 'ord', 'rfd'), order_id, checkout_id, buyer_id, seller_id, order_id, '0', 'wrong', '', '[]',
      'USD', 1, 0, 'USD', 'withdrawn', 1 from "order"."order"`;
  await client`
    insert into "order".claim_line (refund_id, line_id, pieces, asked_minor, is_live)
    select replace(order_id, 'ord', 'rfd'), line_id, 1, 1, false from "order".checkout_line`;
  await client`
    insert into "order".parcel (parcel_id, order_id, line_ids, carrier, service, state)
    select replace(order_id, 'ord', 'par'), order_id, '["a"]', 'swift', 'standard', 'over' from "order"."order"`;
  await client`
    insert into "order".shipment (shipment_id, order_id, kind, carrier, service, line_ids, state)
    select replace(order_id, 'ord', 'shp'), order_id, 'outward', 'swift', 'standard', '["a"]', 'cancelled' from "order"."order"`;
  await client`
    insert into "order".timeline (checkout_id, order_id, what, says)
    select checkout_id, order_id, 'orders_placed', 'Placed.' from "order"."order"`;
  await client`analyze`;
};

type Plan = { "Node Type": string; "Relation Name"?: string; Plans?: Plan[] };
const scansOf = (plan: Plan): string[] => [
  ...(plan["Node Type"] === "Seq Scan" ? [plan["Relation Name"] ?? ""] : []),
  ...(plan.Plans ?? []).flatMap(scansOf),
];

/** As the product runs them: planned once, for any values. */
const planOf = async (statement: string): Promise<Plan> => {
  const [row] = await client.unsafe(`explain (generic_plan, format json) ${statement}`, [], {
    prepare: false,
  });
  return row?.["QUERY PLAN"][0].Plan;
};

const range = { fromOn: "2026-01-01", toOn: "2026-12-31", currency: "USD", zone: "Asia/Ho_Chi_Minh" };
const idOf = async (column: "order_id" | "checkout_id"): Promise<string> => {
  const [row] = await client`select order_id, checkout_id from "order"."order" where buyer_id = ${buyerId}`;
  return row?.[column];
};

const READS: Record<string, () => Promise<unknown>> = {
  "Order/read": async () => read({ orderId: await idOf("order_id") }, buyers),
  "Order/list": async () => listOrders({ after: await idOf("order_id") }, buyers),
  "Order/list of a tab": async () => listOrders({ tab: "to_confirm", after: await idOf("order_id") }, buyers),
  "Order/tabs": () => tabsOfBuyer({}, buyers),
  "Order/listCheckouts": async () =>
    listCheckouts({ state: "awaiting_payment", after: await idOf("checkout_id") }, buyers),
  "Order/follow": async () => follow({ orderId: await idOf("order_id") }, buyers),
  "Order/timeline": async () => timeline({ checkoutId: await idOf("checkout_id") }, buyers),
  "Sales/inbox": async () => inbox({ after: `${await idOf("order_id")}.1` }, sellers),
  "Sales/list": () => list({ limit: 3 }, sellers),
  "Sales/list of a tab": async () => list({ tab: "to_confirm", after: await idOf("order_id") }, sellers),
  "Sales/tabs": () => tabs({}, sellers),
  "Sales/summary": () => summary(range, sellers),
  "Sales/series": () => series({ ...range, granularity: "day" }, sellers),
  "Sales/top": () => top({ ...range, by: "revenue" }, sellers),
  "Sales/pending": () => pending({}, sellers),
};

it("a statement without an index is seen", async () => {
  expect(scansOf(await planOf(`select 1 from "order".checkout_line where note = $1`))).toEqual([
    "checkout_line",
  ]);
});

it.each(Object.keys(READS))("%s reads no table from end to end", async (name) => {
  seen = [];
  await READS[name]?.();
  const statements = [...seen];
  expect(statements.length).toBeGreaterThan(0);
  for (const statement of statements)
    expect([statement, scansOf(await planOf(statement))]).toEqual([statement, []]);
});
