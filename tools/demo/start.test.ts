/** What a newcomer does: start, buy, kill, stop. On processes of their own, in a folder of their own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { findProcess } from "#tools/dev/process.ts";
import { projectRoot } from "#tools/dev/project-root.ts";
import type { KillStory } from "./run.ts";
import type { Gathered } from "./evidence.ts";
import { wrongs } from "./balance.ts";

const dir = join(projectRoot, ".shopnexus", `test-demo-${process.pid}`);
const SECOND_START_S_MAX = 15;
const READY_WITHIN_MS = 60_000;
const DEMO_WITHIN_MS = 40_000;

type Tool = { child: ChildProcess; said(): string; code: Promise<number | null> };
let shop: Tool;

const run = (...words: string[]): Tool => runWith({}, ...words);

const runWith = (environment: Record<string, string>, ...words: string[]): Tool => {
  const child = spawn(process.execPath, ["tools/run.mjs", ...words], {
    cwd: projectRoot,
    env: { ...process.env, SHOPNEXUS_DIR: dir, SERVICES: "*", ...environment },
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
  return { child, said: () => said, code: once(child, "close").then(([code]) => code as number | null) };
};

const start = async (): Promise<Tool> => {
  const tool = run("tools/start.ts");
  await new Promise<void>((ready, failed) => {
    const look = () => tool.said().includes("Ctrl+C stops everything") && ready();
    tool.child.stdout?.on("data", look);
    void tool.code.then((code) => failed(new Error(`npm start ended with ${code}: ${tool.said()}`)));
  });
  return tool;
};

const demo = async (...words: string[]) => {
  const tool = run("tools/demo.ts", ...words);
  return { code: await tool.code, said: tool.said() };
};

const pids = (): number[] => {
  const { owner, pids } = JSON.parse(readFileSync(join(dir, "stack.json"), "utf8")) as {
    owner: { pid: number };
    pids: Record<string, number>;
  };
  return [owner.pid, ...Object.values(pids)];
};

beforeAll(async () => {
  shop = await start();
}, READY_WITHIN_MS);

afterAll(async () => {
  shop.child.kill("SIGTERM");
  await shop.code;
  rmSync(dir, { recursive: true, force: true });
});

it("npm start: seeds, buys of two sellers, shows the timeline and every address", () => {
  const said = shop.said();
  expect(said).toContain("194 listings in 24 categories");
  expect(said).toMatch(/chk_[0-9a-f]{32} became ord_[0-9a-f]{32} and ord_[0-9a-f]{32}/);
  for (const fact of ["checkout_opened", "payment_received", "payment_settled", "orders_placed"])
    expect(said).toContain(fact);
  for (const name of ["Edge", "Reference", "Metrics", "Restate UI", "Ingress", "EMULATOR"])
    expect(said).toContain(name);
});

it("npm start: what it keeps of secrets is its owner's alone", () => {
  for (const file of ["stack.json", "secrets.json"])
    expect(statSync(join(dir, file)).mode & 0o777).toBe(0o600);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
});

it("npm start: a second one says that one runs, and how to reach it", async () => {
  const second = run("tools/start.ts");
  expect(await second.code).toBe(1);
  expect(second.said()).toMatch(/A shop is running .* as process \d+/);
  expect(second.said()).toContain("http://127.0.0.1:");
});

it("npm run seed: what is there already stays as it is", async () => {
  const again = run("tools/seed.ts");
  expect(await again.code).toBe(0);
  expect(again.said()).toContain("Seeded already: 194 listings are up");
});

it(
  "npm run demo -- --json: one object, in which ledger, payment, orders and stock agree",
  async () => {
    const { code, said } = await demo("--json");
    expect({ code, said }).toMatchObject({ code: 0 });
    const result = JSON.parse(said) as Gathered;
    expect(Object.keys(result)).toEqual(["checkoutId", "orders", "payment", "ledger", "stock", "steps"]);
    expect(new Set(result.orders.map(({ sellerId }) => sellerId)).size).toBe(2);
    const bought = result.orders.flatMap(({ lines }) => lines);
    expect(bought).toHaveLength(3);
    expect(wrongs({ ...result, bought })).toEqual([]);
    expect(result.steps.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        "Stock/reserve",
        "Charge/open",
        "Stock/commit",
        "Charge/settle",
        "Attempt/place",
        "Wallet/post",
      ]),
    );
    for (const { ms } of result.steps) expect(ms).toBeGreaterThanOrEqual(0);
  },
  DEMO_WITHIN_MS,
);

it.for(["app", "restate", "postgres", "redis"])(
  "npm run demo -- --kill %s: the same checkout finishes as orders",
  { timeout: DEMO_WITHIN_MS },
  async (part) => {
    const before = pids();
    const { code, said } = await demo("--json", "--kill", part);
    expect({ code, said }).toMatchObject({ code: 0 });
    const { kill, ...result } = JSON.parse(said) as Gathered & { kill: KillStory };
    expect(kill).toMatchObject({ part, stateBefore: "awaiting_payment" });
    expect(before).toEqual(expect.arrayContaining(kill.pidsBefore));
    expect(kill.pidsBefore).toHaveLength(1);
    expect(kill.pidsAfter).not.toEqual(kill.pidsBefore);
    for (const pid of kill.pidsBefore) expect(findProcess(pid)).toBeUndefined();
    expect(pids()).toEqual(expect.arrayContaining(kill.pidsAfter));
    expect(result.orders).toHaveLength(2);
  },
);

it(
  "npm start: Ctrl+C leaves nothing running; the next start is quick, at the same addresses, and seeds nothing twice",
  async () => {
    const addresses = /Edge +\S+[\s\S]+EMULATOR/;
    const [running, said] = [pids(), shop.said()];
    shop.child.kill("SIGINT");
    expect(await shop.code).toBe(0);
    expect(running.filter((pid) => findProcess(pid) !== undefined)).toEqual([]);
    expect(existsSync(join(dir, "stack.json"))).toBe(false);
    expect(await demo()).toMatchObject({ code: 2, said: expect.stringContaining("npm start") });
    shop = await start();
    expect(Number(/Up in ([\d.]+) s/.exec(shop.said())?.[1])).toBeLessThan(SECOND_START_S_MAX);
    expect(shop.said()).toContain("Seeded already");
    expect(addresses.exec(shop.said())?.[0]).toBe(addresses.exec(said)?.[0]);
  },
  READY_WITHIN_MS,
);

it(
  "npm start: an app that dies at once shows its last words, and the start fails",
  async () => {
    const other = `${dir}-dies`;
    const tool = runWith({ SHOPNEXUS_DIR: other, SERVICES: "nonsense" }, "tools/start.ts");
    expect(await tool.code).toBe(1);
    expect(tool.said()).toContain("app did not start");
    expect(tool.said()).toContain("SERVICES names no module: nonsense");
    rmSync(other, { recursive: true, force: true });
  },
  READY_WITHIN_MS,
);
