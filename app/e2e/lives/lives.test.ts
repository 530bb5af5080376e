/** Many random lives of orders, and the books after each batch of them: clean to the minor unit and the piece. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "#app/config.ts";
import { audit } from "#tools/audit/audit.ts";
import { tell } from "#tools/audit/report.ts";
import { pendingRuns } from "#tools/testkit/console.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";
import { type Cast, gather, renew } from "./cast.ts";
import { live } from "./life.ts";
import type { Tally } from "./patience.ts";
import { planOf } from "./plan.ts";

const SEED = Number(process.env["SEED"] ?? 20_261_121);
/** The suite has minutes; `LIVES=2000 npm test -- app/e2e/lives` has all the time it needs. */
const LIVES = Number(process.env["LIVES"] ?? 50);
/** Lives that are lived at once; the books are audited after each batch. */
const BATCH = 50;
const TIMEOUT_MS = 300_000 + LIVES * 2_000;

/** Everybody's patience, in ms: the same code, shorter lives. */
const DEADLINES = {
  confirmMs: 5_000,
  remindFirstMs: 3_000,
  remindLastMs: 1_500,
  backorderMs: 4_000,
  bookRetryMs: 200,
  handoverMs: 8_000,
  transitMs: 3_000,
  escrowMs: 1_500,
  // A bank that decides late finds the order still minded, however slow the machine.
  claimMs: 120_000,
  answerMs: 2_000,
  returnMs: 2_000,
  inspectMs: 2_000,
  verdictMs: 2_000,
  chargebackMs: 1_500,
  approvalMs: 1_200,
  transferMs: 1_000,
  pollMs: 5_000,
};

let shop: TestShop;
let cast: Cast;

beforeAll(async () => {
  shop = await openShop(undefined, {
    environment: {
      DATABASE_POOL: "12",
      DEADLINES: Object.entries(DEADLINES)
        .map(([name, ms]) => `${name}=${ms}`)
        .join(","),
    },
  });
  shop.sandbox.faults.set({ webhooks: { duplicate: 1, reorder: true, lateMs: 30 } });
  cast = await gather(shop);
}, 120_000);
afterAll(() => shop?.stop());

test(`${LIVES} random lives leave clean books, whatever happens in them`, {
  timeout: TIMEOUT_MS,
}, async () => {
  const tally: Tally = new Map();
  for (let first = 0; first < LIVES; first += BATCH) {
    if (first % 500 === 0) await renew(cast);
    const seeds = Array.from({ length: Math.min(BATCH, LIVES - first) }, (_, at) => SEED + first + at);
    await Promise.all(seeds.map((seed) => live(cast, planOf(seed), tally)));
    await quiet();
    const report = await auditAll();
    expect(
      report.ok,
      `seeds ${seeds[0]} to ${seeds.at(-1)}\n${tell(report)}\n${report.ok ? "" : await pendingRuns(shop.adminUrl)}`,
    ).toBe(true);
  }
  await nobodyPaysForAnother();
  await nobodyGetsMoreThanWasPaid();
  if (LIVES >= 50) {
    everythingHappened(tally);
    await moneyMoved();
  }
  if (LIVES >= 500) await thePlatformGave();
});

const auditAll = () => {
  const { settings } = readConfig(shop.environment);
  const { databaseUrl: url } = shop;
  return audit({ databaseUrls: { account: url, order: url, inventory: url }, stripe: settings.stripe });
};

/** What has still to come to an end of itself, by what it is. */
const unended = async (): Promise<Record<string, number>> => {
  const [row] = await shop.sql<Record<string, number>[]>`
    select
      (select count(*)::int from "order".checkout_line where order_id is not null
        and state in ('paid', 'backordered', 'confirmed', 'shipped', 'delivered', 'refunding')) as lines,
      (select count(*)::int from "order".checkout_line where order_id is not null and escrow_minor > 0) as escrows,
      (select count(*)::int from "order".checkout where state in ('claimed', 'awaiting_payment')) as checkouts,
      (select count(*)::int from "order".give_back where state = 'promised') as promises,
      (select count(*)::int from "order".claim where ended_at is null) as claims,
      (select count(*)::int from "order".chargeback where ended_at is null) as chargebacks,
      (select count(*)::int from "order".payout where state not in ('sent', 'refused', 'failed', 'denied', 'cancelled', 'reversed')) as payouts,
      (select count(*)::int from account.wallet_hold where state = 'held') as holds,
      (select count(*)::int from inventory.hold where state = 'held') as reserved`;
  return Object.fromEntries(Object.entries(row ?? {}).filter(([, open]) => open > 0));
};

const QUIET_WAIT_MS = 90_000;

/** Every deadline is short, so everything ends of itself; what does not is stuck, and is named. */
const quiet = async (): Promise<void> => {
  const endMs = Date.now() + QUIET_WAIT_MS;
  for (;;) {
    const open = await unended();
    if (Object.keys(open).length === 0 && (await auditAll()).ok) return;
    if (Date.now() > endMs) {
      expect(open, `everything ends of itself\n${await pendingRuns(shop.adminUrl)}`).toEqual({});
      return;
    }
    await sleep(250);
  }
};

const nobodyPaysForAnother = async (): Promise<void> => {
  const wrong = await shop.sql`
    select e.entry_id, l.account, o.seller_id from account.entry e
    join account.entry_line l using (entry_id) join "order"."order" o on o.order_id = e.reference
    where l.account like 'wallet:%' and l.minor < 0 and e.kind in ('refund', 'chargeback', 'release')
      and l.account <> 'wallet:' || o.seller_id`;
  expect([...wrong]).toEqual([]);
};

const nobodyGetsMoreThanWasPaid = async (): Promise<void> => {
  const wrong = await shop.sql`
    select t.checkout_id from "order".tender t
    where gateway_returned_minor + charged_back_minor > gateway_minor or wallet_returned_minor > wallet_minor`;
  expect([...wrong]).toEqual([]);
};

/** To sellers and buyers, and took back of both. */
const thePlatformGave = async (): Promise<void> => {
  const [row] = await shop.sql<Record<string, number>[]>`
    select count(*) filter (where subsidized_minor > 0)::int as subsidies,
      count(*) filter (where rewarded_minor > 0)::int as rewards,
      count(*) filter (where subsidized_minor < 0)::int as "subsidiesBack",
      count(*) filter (where rewarded_minor < 0)::int as "rewardsBack" from "order".line_money`;
  const never = Object.entries(row ?? {}).filter(([, count]) => count === 0);
  expect(never).toEqual([]);
};

/** Things without which clean books say nothing. Of 300,000 seeds no fifty in a row are without a plan of each. */
const moneyMoved = async (): Promise<void> => {
  const [row] = await shop.sql<Record<string, number>[]>`
    select (select count(*)::int from "order".shipment where kind = 'outward' and state = 'delivered') as deliveries,
      (select count(*)::int from "order".line_money where kind = 'release' and released_minor > 0) as "sellers paid",
      (select count(*)::int from "order".line_money where kind = 'release' and borne_minor > 0) as "carriage borne",
      (select count(*)::int from "order".give_back where state = 'paid') as refunds`;
  const never = Object.entries(row ?? { everything: 0 }).filter(([, count]) => count === 0);
  expect(never).toEqual([]);
};

/** Each thing that a life may hold has happened often enough to have been tried; what is rare, where there are many lives. */
const everythingHappened = (tally: Tally): void => {
  const often = (what: string, share: number) =>
    expect(tally.get(what) ?? 0, `${what} happened`).toBeGreaterThanOrEqual(Math.floor(LIVES * share));
  often("placed", 0.6);
  often("confirm", 0.3);
  often("delivers", 0.02);
  for (const what of ["confirm_some", "reject", "silence", "raced", "chaos"]) often(what, 0.01);
  for (const what of ["loses", "returns", "claim in_window", "claim after_payout", "payout"])
    often(what, 0.005);
  for (const what of ["chargeback won", "chargeback lost", "answer accept", "answer contest"])
    often(what, 0.005);
};
