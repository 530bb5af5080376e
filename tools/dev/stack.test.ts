import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type ServerHttp2Session } from "node:http2";
import { join } from "node:path";
import { createEndpointHandler, type ObjectContext, object } from "@restatedev/restate-sdk";
import { Redis } from "ioredis";
import postgres from "postgres";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { findProcess } from "./process.ts";
import { freePorts, type Part, projectRoot, type Stack, startStack } from "./stack.ts";

const SECOND_START_MS_MAX = 5_000;

const tally = object({
  name: "Tally",
  handlers: {
    add: async (ctx: ObjectContext, count: number) => {
      const total = ((await ctx.get<number>("total")) ?? 0) + count;
      ctx.set("total", total);
      return total;
    },
  },
});

let dir: string;
let stack: Stack;

beforeAll(async () => {
  // These tests are about servers of our own.
  for (const name of ["DATABASE_URL", "REDIS_URL", "RESTATE_INGRESS_URL", "RESTATE_ADMIN_URL"])
    vi.stubEnv(name, undefined);
  mkdirSync(join(projectRoot, ".shopnexus"), { recursive: true });
  dir = mkdtempSync(join(projectRoot, ".shopnexus", "stack-test-"));
  stack = await startStack({ dir });
}, 120_000);

afterAll(async () => {
  vi.unstubAllEnvs();
  await stack.stop();
  rmSync(dir, { recursive: true, force: true });
});

test("startStack: Postgres answers with the settings the shop relies on", async () => {
  const [row] =
    await query`select current_setting('TimeZone') as zone, current_setting('max_connections') as connections,
    current_setting('shared_preload_libraries') as libraries, current_setting('fsync') as fsync,
    current_database() as database, lower('ÉCLAIR') as lowered`;
  expect(row).toEqual({
    zone: "UTC",
    connections: "200",
    libraries: "pg_stat_statements",
    fsync: "on",
    database: "shopnexus",
    lowered: "éclair",
  });
});

test("startStack: strangers on the same machine do not get in without the password", async () => {
  const url = new URL(stack.postgresUrl);
  url.password = "guess";
  const sql = postgres(url.href, { max: 1 });
  await expect(sql`select 1`).rejects.toThrow("password authentication failed");
  await sql.end();
});

test("startStack: Restate answers on its ingress, its admin and its metrics address", async () => {
  const { ingressUrl, adminUrl, metricsUrl } = stack.restate;
  for (const url of [`${ingressUrl}/restate/health`, `${adminUrl}/health`, metricsUrl]) {
    expect((await fetch(url)).status).toBe(200);
  }
});

test("kill and restart: Postgres recovers what was committed, at the same address", async () => {
  await query`create table kept (word text)`;
  await query`insert into kept values ('postgres')`;
  await killAndRestart("postgres");
  expect(await query`select word from kept`).toEqual([{ word: "postgres" }]);
});

test("kill and restart: Redis remembers what it confirmed", async (context) => {
  if (stack.redisUrl === undefined) context.skip("this machine has no Redis");
  await redis((client) => client.set("kept", "redis"));
  await killAndRestart("redis");
  expect(await redis((client) => client.get("kept"))).toBe("redis");
});

test("kill and restart: Restate keeps its deployments and its objects' state, and works on", async () => {
  const server = createServer(createEndpointHandler({ services: [tally], logger: () => {} }));
  const [port] = await freePorts(1);
  await new Promise<void>((listening) => server.listen(port, "127.0.0.1", listening));
  const sessions = new Set<ServerHttp2Session>();
  server.on("session", (session) => sessions.add(session));
  try {
    const registered = await post(`${stack.restate.adminUrl}/deployments`, {
      uri: `http://127.0.0.1:${port}`,
    });
    expect(registered.status).toBe(201);
    expect(await (await post(`${stack.restate.ingressUrl}/Tally/one/add`, 2)).json()).toBe(2);
    await killAndRestart("restate");
    expect(await (await post(`${stack.restate.ingressUrl}/Tally/one/add`, 3)).json()).toBe(5);
  } finally {
    for (const session of sessions) session.destroy();
    server.close();
  }
});

test("startStack: a folder in use is refused, and the refusal names the owner", async () => {
  await expect(startStack({ dir })).rejects.toThrow(/is in use: this very process/);
});

test("startStack: two folders run side by side, and parts left out have no address", async () => {
  const other = await startStack({
    dir: `${dir}-other`,
    parts: ["postgres"],
    postgresSettings: { fsync: "off" },
  });
  try {
    expect(new URL(other.postgresUrl).port).not.toBe(new URL(stack.postgresUrl).port);
    expect(() => other.restate).toThrow("restate is not among the parts");
    await expect(other.kill("redis")).rejects.toThrow("redis is not among the parts");
  } finally {
    await other.stop();
    rmSync(`${dir}-other`, { recursive: true, force: true });
  }
});

test("stop and startStack: nothing is left running, and the second start is quick and finds everything", async () => {
  const pids = Object.values(stack.pids).filter((pid) => pid !== undefined);
  await stack.stop();
  await stack.stop();
  expect(pids.filter((pid) => findProcess(pid) !== undefined)).toEqual([]);
  const url = stack.postgresUrl;
  const startedMs = performance.now();
  stack = await startStack({ dir });
  expect(performance.now() - startedMs).toBeLessThan(SECOND_START_MS_MAX);
  expect(stack.postgresUrl).toBe(url);
  expect(await query`select word from kept`).toEqual([{ word: "postgres" }]);
});

test("startStack: servers named by the environment are used as they are, and are not ours to kill", async () => {
  vi.stubEnv("DATABASE_URL", "postgres://someone@db.example/shop");
  vi.stubEnv("REDIS_URL", "redis://cache.example:6379");
  vi.stubEnv("RESTATE_INGRESS_URL", "http://restate.example:8080/");
  const open = () => startStack({ dir: `${dir}-external` });
  try {
    await expect(open()).rejects.toThrow("Set both RESTATE_INGRESS_URL and RESTATE_ADMIN_URL");
    vi.stubEnv("RESTATE_ADMIN_URL", "http://restate.example:9070");
    const external = await open();
    expect(external.postgresUrl).toBe("postgres://someone@db.example/shop");
    expect(external.redisUrl).toBe("redis://cache.example:6379");
    expect(external.restate.ingressUrl).toBe("http://restate.example:8080");
    expect(external.pids).toEqual({ postgres: undefined, redis: undefined, restate: undefined });
    await expect(external.kill("postgres")).rejects.toThrow("db.example is not ours to kill or restart");
    await external.stop();
  } finally {
    vi.unstubAllEnvs();
    rmSync(`${dir}-external`, { recursive: true, force: true });
  }
});

async function killAndRestart(part: Part): Promise<void> {
  const before = stack.pids[part];
  await stack.kill(part);
  expect(stack.pids[part]).toBeUndefined();
  await stack.restart(part);
  expect(stack.pids[part]).not.toBe(before);
}

function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

// A connection for each statement: those from before a kill are dead after it.
async function query(strings: TemplateStringsArray): Promise<Record<string, unknown>[]> {
  const sql = postgres(stack.postgresUrl, { max: 1 });
  try {
    return [...(await sql(strings))];
  } finally {
    await sql.end();
  }
}

async function redis<T>(ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(stack.redisUrl ?? "");
  try {
    return await ask(client);
  } finally {
    client.disconnect();
  }
}
