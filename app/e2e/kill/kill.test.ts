/** One whole life of an order, killed with SIGKILL after every step it takes: the same end, entry for entry. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { dropFolder, testFolder } from "#tools/testkit/folders.ts";
import { openShop, type TestShop, WHOLE_CHILD } from "#tools/testkit/shop.ts";
import { lifeOf, peopleOf, remainsOf } from "./life.ts";

/** So many steps between two deaths; as many lives, each shifted by one, die after every step there is. */
const STRIDE = 5;
/** How many of those lives: the suite has minutes; `KILLED_LIVES=5 npm test -- app/e2e/kill` dies after every step. */
const LIVES = Number(process.env["KILLED_LIVES"] ?? 2);

/** Letters and news are sent, and come in their own time. */
const TIDINGS_WAIT_MS = 20_000;

let dir: string;
let shop: TestShop;
const files = () => ({ mortal: join(dir, "mortal"), deaths: join(dir, "deaths") });
const deaths = (): number => readFileSync(files().deaths, "utf8").split("\n").length - 1;

beforeAll(async () => {
  dir = testFolder("kill");
  mkdirSync(dir, { recursive: true });
  writeFileSync(files().mortal, "");
  writeFileSync(files().deaths, "");
  shop = await openShop(WHOLE_CHILD, {
    main: "app/e2e/kill/phoenix.ts",
    environment: {
      MORTAL_FILE: files().mortal,
      DEATHS_FILE: files().deaths,
      // Long enough that the buyer asks in time, however often the shop dies meanwhile.
      DEADLINES: "escrowMs=5000,pollMs=500,transferMs=60000",
      PAYOUT_MINIMUM_UNITS: "1",
    },
    // Retried soon after a death, so that a life is short.
    restateEnv: { RESTATE_WORKER__INVOKER__RETRY_POLICY__INITIAL_INTERVAL: "50ms" },
  });
}, 120_000);
afterAll(async () => {
  await shop?.stop();
  await dropFolder(dir);
});

test("an order's life from checkout to payout ends the same, entry for entry, after a kill at every step", {
  timeout: 600_000,
}, async () => {
  const undisturbed = await lifeOf(shop, await peopleOf(shop));
  await sleep(TIDINGS_WAIT_MS / 5);
  const whole = await remainsOf(shop, undisturbed);
  expect(whole.entries.length).toBeGreaterThan(5);
  let died = 0;
  for (let shift = 1; shift <= LIVES; shift++) {
    const people = await peopleOf(shop);
    await mortalAfter(shift);
    const before = deaths();
    const life = lifeOf(shop, people);
    writeFileSync(files().mortal, String(STRIDE + 1));
    const ended = await life;
    writeFileSync(files().mortal, "");
    await expect
      .poll(() => remainsOf(shop, ended), {
        timeout: TIDINGS_WAIT_MS,
        interval: 100,
        message: `killed after step ${shift} and every ${STRIDE} steps`,
      })
      .toEqual(whole);
    died += deaths() - before;
  }
  // A life that nothing died in proves nothing.
  expect(died).toBeGreaterThanOrEqual(5 * LIVES);
});

/** The product as it is now is replaced by one that dies after so many steps. */
const mortalAfter = async (steps: number): Promise<void> => {
  writeFileSync(files().mortal, String(steps));
  const before = deaths();
  process.kill(await pidOf(), "SIGKILL");
  while (deaths() === before) await sleep(20);
  for (;;) {
    const ready = await fetch(`${shop.edgeUrl()}/ready`).catch(() => undefined);
    if (ready?.ok) return;
    await sleep(30);
  }
};

const pidOf = async (): Promise<number> => Number(readFileSync(join(dir, "pid"), "utf8"));
