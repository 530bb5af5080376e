/** One suite, every topology; what began in one ends in another; and Restate sees no difference. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckoutView } from "@shopnexus/contracts/order/checkout";
import type { Adopted } from "#app/adopt.ts";
import { projectRoot } from "#tools/dev/stack.ts";
import { basketOf, checkOut } from "#tools/testkit/people.ts";
import {
  openShop,
  SPLIT,
  type TestShop,
  type Topology,
  UNFUSED,
  WHOLE,
  WHOLE_CHILD,
} from "#tools/testkit/shop.ts";
import { describeShop } from "./journeys.ts";
import { journalShape, look, openOne, pay, setStage, type Stage } from "./stage.ts";

const shapes = new Map<string, string[]>();
const keep = (name: string) => (shape: string[]) => void shapes.set(name, shape);

const killed = async (shop: TestShop): Promise<void> => {
  await shop.kill();
  await shop.begin();
};

describeShop("all in one process", { topology: WHOLE, onJournal: keep("whole") });
describeShop("all in one process, killed in the middle of every journey", {
  topology: WHOLE_CHILD,
  midway: killed,
});
describeShop("all in one process, every step through the ingress", {
  topology: UNFUSED,
  onJournal: keep("unfused"),
});
describeShop("one process a module", { topology: SPLIT, onJournal: keep("split") });

describe("the journal", () => {
  test("of a checkout has one shape in every topology", () => {
    const whole = shapes.get("whole") ?? [];
    expect(whole).toContain("Command: Run Stock/reserve");
    expect(shapes.get("unfused")).toEqual(whole);
    expect(shapes.get("split")).toEqual(whole);
  });
});

const CHANGE_MS = 60_000;

describe("a change of topology", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage(await openShop(WHOLE_CHILD), async () => undefined);
  }, CHANGE_MS);
  afterAll(() => stage?.shop.stop(), CHANGE_MS);

  test("what awaits payment, or is being opened, in one process is finished by one a module", {
    timeout: CHANGE_MS,
  }, async () => {
    expect(await crossing("merged", SPLIT)).toEqual(["placed", "placed"]);
  });

  test("and the other way round", { timeout: CHANGE_MS }, async () => {
    expect(await crossing("parted", WHOLE_CHILD)).toEqual(["placed", "placed"]);
  });

  test("and leaves one and the same journal", () => {
    expect(shapes.get("merged")).toContain("Command: Run Stock/reserve");
    expect(shapes.get("parted")).toEqual(shapes.get("merged"));
  });

  const crossing = async (name: string, next: Topology): Promise<string[]> => {
    const { shop, mai, an } = stage;
    const { view: waiting } = await openOne(stage);
    const thing = await an.offer(1_200, 5);
    shop.sandbox.faults.set({ errorRate: 1 });
    const opening = checkOut(mai, basketOf(mai, [thing]));
    await expect.poll(() => shop.sql`select 1 from "order".charge where state = 'opening'`).toHaveLength(1);
    await shop.kill();
    shop.sandbox.faults.clear();
    await shop.become(next);
    const { moved, left } = await adopted(shop);
    expect(left).toEqual([]);
    expect(moved.map(({ target }) => target)).toContain(`Checkout/${waiting.checkoutId}/run`);
    expect(moved.map(({ target }) => target)).toContain("Order/checkout");
    expect(await adopted(shop)).toEqual({ moved: [], left: [] });
    const states = [await finish(waiting), await finish(await opening)];
    shapes.set(name, await journalShape(stage, waiting));
    return states;
  };

  const finish = async (view: CheckoutView): Promise<string> => {
    expect(await pay(stage, view)).toBe(200);
    return (await look(stage, view)).state;
  };
});

/** As an operator runs it. */
const adopted = async ({ adminUrl }: TestShop): Promise<Adopted> => {
  const command = ["app/adopt.ts", adminUrl, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: projectRoot });
  return JSON.parse(stdout) as Adopted;
};
