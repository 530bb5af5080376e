import { afterAll, beforeAll, expect, it } from "vitest";
import { Profile } from "@shopnexus/contracts/account/profile";
import { epochMs } from "@shopnexus/contracts/kit/time";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { earner, type Earner, fund, heldBy, transfersTo } from "#tools/testkit/earners.ts";
import { operator, type Person } from "#tools/testkit/people.ts";
import { openShop, type TestShop, UNFUSED } from "#tools/testkit/shop.ts";

let shop: TestShop;
let boss: Person;
beforeAll(async () => {
  shop = await openShop(UNFUSED);
  boss = await operator(shop);
});
afterAll(() => shop?.stop());

const usd = (minor: number) => ({ minor, currency: "USD" });
/** Longer than the clock's pace, which is ten seconds. */
const CLOCK_WAIT = { timeout: 25_000, interval: 250 };

/** A seller who is paid daily, and whose hour has come. */
const due = async (minor: number): Promise<Earner> => {
  const an = await earner(shop, usd(minor));
  await an.call(Earnings).putSchedule({ schedule: { every: "daily" } });
  await shop.sql`update "order".payout_schedule set next_at = now() where account_id = ${an.accountId}`;
  return an;
};
const sentTo = async ({ destination }: Earner) =>
  (await transfersTo(shop, destination)).map(({ amount }) => amount);

it("when the hour has come, all that is available above the minimum is sent, once, and the next hour is tomorrow's", async () => {
  const [rich, poor, shutOut] = [await due(50_000), await due(999), await due(50_000)];
  await boss.call(Profile).suspend({ accountId: shutOut.accountId, reason: "A doubt." });
  await fund(shop, rich.accountId, { minor: 7_000, currency: "EUR" });
  await expect.poll(() => sentTo(rich), CLOCK_WAIT).toEqual([50_000]);
  await expect
    .poll(() => rich.call(Earnings).list({}))
    .toMatchObject({
      items: [{ state: "sent", isScheduled: true, amount: usd(50_000) }],
    });
  expect(await heldBy(shop, `wallet:${rich.accountId}`, "EUR")).toBe(7_000);
  const { nextAt } = await rich.call(Earnings).schedule({});
  expect(epochMs(nextAt ?? "")).toBeGreaterThan(Date.now());
  // The clock has passed over all three by now.
  await expect.poll(stillDue, CLOCK_WAIT).toBe(0);
  expect(await poor.call(Earnings).list({})).toEqual({ items: [] });
  expect((await boss.call(Earnings).find({ accountId: shutOut.accountId })).items).toEqual([]);
  expect([await sentTo(poor), await sentTo(shutOut), await sentTo(rich)]).toEqual([[], [], [50_000]]);
}, 60_000);

const stillDue = async (): Promise<number> => {
  const [row] = await shop.sql<{ n: number }[]>`
    select count(*)::int as n from "order".payout_schedule where next_at <= now()`;
  return row?.n ?? -1;
};
