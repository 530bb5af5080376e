/** One whole life of an order, killed with SIGKILL after every step it takes: the same end, entry for entry. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dropFolder, testFolder } from "#tools/testkit/folders.ts";
import { openShop, type TestShop, WHOLE_CHILD } from "#tools/testkit/shop.ts";
import { type Life, lifeOf, peopleOf, remainsOf } from "./life.ts";

/** How often it dies after each kind of step: the suite has minutes; `KILLS=99 npm test -- app/e2e/kill` has every call. */
const KILLS = Number(process.env["KILLS"] ?? 1);

/** Letters and news are sent, and come in their own time. */
const TIDINGS = { timeout: 60_000, interval: 100 };

let dir: string;
let shop: TestShop;
const said = (file: "steps" | "deaths"): string[] =>
  readFileSync(join(dir, file), "utf8")
    .split("\n")
    .filter((line) => line !== "");

beforeAll(async () => {
  dir = testFolder("kill");
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "steps"), "");
  writeFileSync(join(dir, "deaths"), "");
  shop = await openShop(WHOLE_CHILD, {
    main: "app/e2e/kill/phoenix.ts",
    environment: {
      FATES: dir,
      // Long enough that the buyer asks in time, however often the shop dies meanwhile.
      DEADLINES: "escrowMs=5000,pollMs=500,transferMs=60000",
      PAYOUT_MINIMUM_UNITS: "1",
    },
  });
}, 120_000);
afterAll(async () => {
  await shop?.stop();
  await dropFolder(dir);
});

test("an order's life from checkout to payout ends the same, entry for entry, after a kill at every step", {
  timeout: 600_000,
}, async () => {
  const first = await peopleOf(shop);
  writeFileSync(join(dir, "steps"), "");
  const undisturbed = await lifeOf(shop, first);
  const whole = await settled(undisturbed);
  const steps = said("steps");
  const second = await peopleOf(shop);
  const allowed = [...Map.groupBy(steps, (name) => name)].map(([name, all]) => [
    name,
    Math.min(all.length, KILLS),
  ]);
  writeFileSync(join(dir, "mortal"), JSON.stringify(Object.fromEntries(allowed)));
  const ended = await lifeOf(shop, second);
  await expect.poll(() => remainsOf(shop, ended), TIDINGS).toEqual(whole);
  rmSync(join(dir, "mortal"));
  const deaths = said("deaths").map((line) => line.split(" ")[1] ?? "");
  // How often a clock asks the gateway differs from life to life; which steps there are does not.
  expect(new Set(deaths)).toEqual(new Set(steps));
});

/** What a life leaves when nothing is on its way any more: the same for a while. */
const settled = async (life: Life): Promise<Awaited<ReturnType<typeof remainsOf>>> => {
  for (let last = ""; ; ) {
    const remains = await remainsOf(shop, life);
    if (JSON.stringify(remains) === last) return remains;
    last = JSON.stringify(remains);
    await sleep(CALM_MS);
  }
};

const CALM_MS = 2_000;
