/** A code that many want at once: as many get it as it has uses, and what is cancelled can be had by others. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { readConfig } from "#app/config.ts";
import { audit } from "#tools/audit/audit.ts";
import { gatewayClient } from "#tools/testkit/gateway.ts";
import {
  basketOf,
  buyer,
  type Buyer,
  checkOut,
  type Goods,
  operator,
  payInBrowser,
  type Person,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

/** The suite has seconds; `USES=50 CROWD=500 npm test -- coupon-rush` has the time it needs. */
const USES = Number(process.env["USES"] ?? 5);
const CROWD = Number(process.env["CROWD"] ?? 40);
/** Each of them clicks more than once: registering costs more than buying. */
const BUYERS = Math.min(25, Math.ceil(CROWD / 5));
const CANCELS = Math.ceil(USES / 3);
const LATE = CANCELS + 3;
const CODE = "FIRST-COME";
const PATIENT = { timeout: 20_000, interval: 50 };

let shop: TestShop;
let boss: Person;
let buyers: Buyer[];
let thing: Goods;
beforeAll(async () => {
  shop = await openShop();
  const [an, clerk] = await Promise.all([seller(shop), operator(shop)]);
  boss = clerk;
  buyers = await Promise.all(Array.from({ length: BUYERS }, () => buyer(shop)));
  thing = await an.offer(1_000, CROWD + LATE);
}, 120_000);
afterAll(() => shop?.stop());

const usd = (minor: number) => ({ minor, currency: "USD" });
type Won = { readonly who: Buyer; readonly view: CheckoutView };

/** So many click at once: who got it, and what the others were told. */
const rush = async (count: number): Promise<{ won: Won[]; told: string[] }> => {
  const crowd = Array.from({ length: count }, (_, at) => buyers[at % BUYERS] as Buyer);
  const clicks = crowd.map((who) => checkOut(who, { ...basketOf(who, [thing]), codes: [CODE] }));
  const outcomes = await Promise.allSettled(clicks);
  const won = outcomes.flatMap((one, at) =>
    one.status === "fulfilled" ? [{ who: crowd[at] as Buyer, view: one.value }] : [],
  );
  return { won, told: outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason.code] : [])) };
};

/** What is set aside, open or taken, anywhere in the shop and at its gateway. */
const kept = async () => {
  const [row] = await shop.sql`
    select (select count(*)::int from promotion.promotion_hold where state = 'held') as promotions,
      (select count(*)::int from inventory.hold where state = 'held') as stock,
      (select held::int from inventory.level where sku_id = ${thing.skuId}) as pieces,
      (select count(*)::int from "order".checkout where state = 'awaiting_payment') as checkouts,
      (select count(*)::int from "order".charge where state not in ('voided', 'settled')) as charges,
      (select count(*)::int from "order".tender) as paid`;
  return row;
};
const keptOf = (open: number, paid = 0) => ({
  promotions: open,
  stock: open,
  pieces: open,
  checkouts: open,
  charges: open,
  paid,
});
const intents = async (): Promise<number> => {
  const { data } = await gatewayClient(shop).paymentIntents.list({ limit: 100 });
  return data.length;
};
const spent = (count: number): string[] => Array.from({ length: count }, () => "USES_SPENT");

test(`Order/checkout: of ${CROWD} at once on a code with ${USES} uses ${USES} get it and the others are USES_SPENT, with nothing held and nothing charged; cancels give uses back, to others`, {
  timeout: 120_000 + CROWD * 1_000,
}, async () => {
  const now = Date.now();
  const { promotionId } = await boss.call(Promotion).launch({
    name: "First come",
    code: CODE,
    discount: { kind: "fixed", amount: usd(100) },
    uses: USES,
    budget: usd(1_000_000),
    startsAt: instant(now - DAY_MS),
    endsAt: instant(now + DAY_MS),
  });
  const used = async () => (await boss.call(Promotion).read({ promotionId })).used;

  const first = await rush(CROWD);
  expect(first.told).toEqual(spent(CROWD - USES));
  for (const { view } of first.won) expect(view).toMatchObject({ lines: [{ discount: usd(100) }] });
  expect([await used(), await kept(), await intents()]).toEqual([USES, keptOf(USES), USES]);

  const given = first.won.slice(0, CANCELS);
  await Promise.all(given.map(({ who, view }) => who.call(Checkout, view.checkoutId).cancel({})));
  await expect.poll(used, PATIENT).toBe(USES - CANCELS);
  await expect.poll(kept, PATIENT).toEqual(keptOf(USES - CANCELS));

  const second = await rush(LATE);
  expect(second.told).toEqual(spent(LATE - CANCELS));
  expect([await used(), await kept()]).toEqual([USES, keptOf(USES)]);

  for (const { who, view } of [...first.won.slice(CANCELS), ...second.won]) {
    await payInBrowser(shop.sandbox.url, view);
    expect(await who.call(Checkout, view.checkoutId).look({})).toMatchObject({ state: "placed" });
  }
  expect((await rush(1)).told).toEqual(spent(1));
  expect(await boss.call(Promotion).read({ promotionId })).toMatchObject({
    used: USES,
    held: usd(0),
    redeemed: usd(100 * USES),
  });
  expect(await kept()).toEqual(keptOf(0, USES));
  const { databaseUrl: url, environment } = shop;
  const { stripe } = readConfig(environment).settings;
  const wrong = async () =>
    (await audit({ databaseUrls: { account: url, order: url, inventory: url }, stripe })).checks.filter(
      ({ found }) => found > 0,
    );
  await expect.poll(wrong, PATIENT).toEqual([]);
});
