/**
 * A drop in front of a crowd: two processes, of which one is killed, as is Redis; one payment in five is abandoned.
 * DROP_BUYERS=10000 makes it as large as a real one, with four processes and 100 units: five minutes on two busy cores.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { Drop } from "@shopnexus/contracts/inventory/drop";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { freshId } from "@shopnexus/contracts/kit/id";
import { HOUR_MS, instant, SECOND_MS } from "@shopnexus/contracts/kit/time";
import { bundled } from "#tools/bundle.ts";
import { freePorts, projectRoot, type Stack, startStack } from "#tools/dev/stack.ts";
import { dropFolder, testFolder } from "#tools/testkit/folders.ts";
import { openTestGate } from "#tools/testkit/gate.ts";
import { insider, seller } from "#tools/testkit/people.ts";
import { openShop, type TestShop, WHOLE_CHILD } from "#tools/testkit/shop.ts";
import { type Habit, type Rush, rushers, rushIn } from "./rush.ts";
import { openTurnstile } from "./turnstile.ts";

const BUYER_COUNT = Number(process.env["DROP_BUYERS"] ?? 500);
const IS_LARGE = BUYER_COUNT >= 10_000;
const UNITS = IS_LARGE ? 100 : 20;
const PRICE = { minor: 700, currency: "USD" };
/** The more come at once, the longer each of them is served, and has to be waited for. */
const SCALE = Math.max(1, BUYER_COUNT / 2_500);
const PACE = IS_LARGE
  ? { windowMs: 40 * SECOND_MS, againMs: 10 * SECOND_MS, lookMs: 2 * SECOND_MS, abandonMs: 20 * SECOND_MS }
  : { windowMs: 6 * SECOND_MS, againMs: SECOND_MS, lookMs: 400, abandonMs: 2 * SECOND_MS };
const AT_ONCE = 256;
const UNTIL_MS = 240_000 * SCALE;

const dir = testFolder("rush");
let servers: Stack;
let shop: TestShop;
let others: { edges: string[]; children: ChildProcess[] };
beforeAll(async () => {
  servers = await startStack({ dir, parts: ["redis"] });
  shop = await openShop(WHOLE_CHILD, {
    environment: { REDIS_URL: servers.redisUrl ?? "", DEADLINES: "pollMs=500", DATABASE_POOL: "4" },
  });
  others = await moreProcesses(IS_LARGE ? 3 : 1);
}, UNTIL_MS);
afterAll(async () => {
  for (const child of others?.children ?? []) await ended(child);
  await shop?.stop();
  await servers?.stop();
  await dropFolder(dir);
});

/** Doors to the same shop, each a process of its own; what Restate keeps for later is done by the first one alone. */
const moreProcesses = async (count: number) => {
  const ports = await freePorts(count * 2);
  const edges: string[] = [];
  const children: ChildProcess[] = [];
  for (let at = 0; at < count; at++) {
    const [edgePort, endpointPort] = [ports[at * 2], ports[at * 2 + 1]].map(String);
    const own = {
      SERVICES: "account,inventory",
      REGISTER: "off",
      EDGE_PORT: edgePort,
      ENDPOINT_PORT: endpointPort,
    };
    children.push(
      spawn(process.execPath, [bundled("app/main.ts", inject("programs"))], {
        cwd: projectRoot,
        env: { ...process.env, ...shop.environment, ...own },
        stdio: "inherit",
      }),
    );
    edges.push(`http://127.0.0.1:${edgePort}`);
  }
  for (const edge of edges) await until(async () => (await fetch(`${edge}/ready`)).ok);
  return { edges, children };
};

const ended = async (child: ChildProcess): Promise<void> => {
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  await exit;
};

const until = async (isSo: () => Promise<boolean>): Promise<void> => {
  const endAtMs = Date.now() + UNTIL_MS;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > endAtMs) throw new Error(`it was not so within ${UNTIL_MS} ms`);
    await sleep(200);
  }
};

const countOf = async (dropId: string, column: "sold" | "taken"): Promise<number> => {
  const rows =
    await shop.sql`select ${shop.sql(column)} as count from inventory.drop_sku where drop_id = ${dropId}`;
  return (rows[0]?.["count"] as number | undefined) ?? 0;
};

/** Of four who hear no one asks again; of seven one wants more than its share. */
const habitOf = (at: number): Habit => ({ isPatient: at % 4 === 0, isGreedy: at % 7 === 0 });

test(`of ${BUYER_COUNT} buyers ${UNITS} get one each, whatever is killed: none is unsold, nobody has two, nobody goes unanswered`, {
  timeout: UNTIL_MS + 30_000,
}, async () => {
  const rush = await announced();
  const { dropId, thing } = rush;
  const crowd = await rushers(shop, BUYER_COUNT);
  const beganMs = performance.now();
  const all = Promise.all(crowd.map((who, at) => rushIn(rush, who, habitOf(at))));
  await until(async () => (await countOf(dropId, "sold")) >= UNITS / 8);
  await servers.kill("redis");
  await sleep(SECOND_MS);
  await servers.restart("redis");
  await until(async () => (await countOf(dropId, "sold")) >= UNITS / 3);
  await shop.kill();
  await shop.begin();
  await until(async () => (await countOf(dropId, "sold")) === UNITS);
  const soldMs = performance.now() - beganMs;
  rush.isOver = true;
  await all;
  await until(async () => (await openCount()) === 0);

  const answers = Object.fromEntries(rush.answers);
  const known = new Set(["202", "DROP_SOLD_OUT", "DROP_LIMIT_REACHED"]);
  expect(Object.keys(answers).filter((answer) => !known.has(answer))).toEqual([]);
  expect(Object.values(answers).reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(BUYER_COUNT);
  expect(rush.did.abandoned).toBeGreaterThanOrEqual(UNITS / 5);
  const owners = await shop.sql<{ count: number }[]>`
    select sum(pieces)::int as count from inventory.ticket
    where drop_id = ${dropId} and state = 'sold' group by account_id`;
  expect(owners.map(({ count }) => count)).toEqual(Array.from({ length: UNITS }, () => 1));
  const placed = await shop.sql<{ pieces: number }[]>`
    select coalesce(sum(pieces), 0)::int as pieces from "order".checkout_line
    where sku_id = ${thing.skuId} and order_id is not null`;
  expect(placed).toEqual([{ pieces: UNITS }]);
  const inside = await insider(shop);
  await until(async () => (await inside.call(Stock).level({ skuId: thing.skuId })).sold === UNITS);
  expect(await inside.call(Stock).audit({})).toEqual({ drifted: [] });
  await agrees(dropId, thing.skuId);
  if (process.env["DROP_BUYERS"] !== undefined) console.log({ soldMs, answers, ...rush.did });
});

const announced = async (): Promise<Rush> => {
  const an = await seller(shop);
  const thing = await an.offer(2_000, UNITS + 10);
  const dropId = freshId("drp");
  await an.call(Drop).announce({
    dropId,
    skus: [{ skuId: thing.skuId, units: UNITS, price: PRICE, waiting: UNITS / 2 }],
    startsAt: instant(Date.now() - SECOND_MS),
    endsAt: instant(Date.now() + HOUR_MS),
    room: "queue",
    limit: 1,
    windowMs: PACE.windowMs,
  });
  return {
    shop,
    edges: [shop.edgeUrl(), ...others.edges],
    dropId,
    thing,
    price: PRICE,
    turnstile: openTurnstile(AT_ONCE),
    ...PACE,
    answers: new Map(),
    did: { left: 0, opened: 0, paid: 0, abandoned: 0, cancelled: 0 },
    isOver: false,
  };
};

/** Checkouts whose windows have not ended yet. */
const openCount = async (): Promise<number> => {
  const rows = await shop.sql<{ count: number }[]>`
    select count(*)::int as count from "order".checkout where state in ('claimed', 'awaiting_payment')`;
  return rows[0]?.count ?? 0;
};

/** What was on its way is told, what was lost is found: then gate and Postgres have the same tickets. */
const agrees = async (dropId: string, skuId: string): Promise<void> => {
  const { gate, stop } = await openTestGate(servers.redisUrl ?? "");
  const live = async () => {
    const rows = await shop.sql<{ id: string }[]>`
      select ticket_id as id from inventory.ticket where drop_id = ${dropId} and state <> 'lapsed' order by ticket_id`;
    return rows.map(({ id }) => id);
  };
  await until(async () => {
    const reading = await gate.read(dropId);
    const counted = reading?.tickets.map(({ ticketId }) => ticketId).toSorted((a, b) => (a < b ? -1 : 1));
    const known = await live();
    const hasTwo = [...(reading?.owned.values() ?? [])].some((pieces) => pieces > 1);
    const isCounted = reading?.used.get(skuId) === known.length && !hasTwo;
    return isCounted && JSON.stringify(counted) === JSON.stringify(known);
  });
  stop();
};
