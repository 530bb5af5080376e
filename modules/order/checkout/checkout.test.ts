import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AddressBook } from "@shopnexus/contracts/account/address-book";
import { Wallet } from "@shopnexus/contracts/account/wallet";
import { Listing } from "@shopnexus/contracts/catalog/listing";
import { newAttemptId } from "@shopnexus/contracts/client";
import { Stock } from "@shopnexus/contracts/inventory/stock";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Checkout, type CheckoutView } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { canonical, deriveId, sha256 } from "#modules/_kit/derive.ts";
import {
  ADDRESS,
  basketOf,
  type Buyer,
  buyer,
  checkOut,
  type Goods,
  insider,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

let shop: TestShop;
let mai: Buyer;
let an: Seller;
beforeAll(async () => {
  shop = await openShop();
  [mai, an] = await Promise.all([buyer(shop), seller(shop)]);
});
afterAll(async () => {
  // What is still on its way need not arrive any more.
  shop?.sandbox.setWebhookUrl(undefined);
  await shop?.stop();
});
afterEach(() => shop.sandbox.faults.clear());

const stateOf = async (checkoutId: string) => (await mai.call(Order).viewCheckout({ checkoutId })).state;
const levelOf = ({ skuId }: Goods) => mai.call(Stock).level({ skuId });
const atGateway = async (path: string, body: Record<string, string> = {}) => {
  const response = await fetch(`${shop.sandbox.url}/v1/${path}`, {
    method: Object.keys(body).length > 0 ? "POST" : "GET",
    headers: {
      authorization: `Bearer ${shop.secretKey}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    ...(Object.keys(body).length > 0 && { body: new URLSearchParams(body) }),
  });
  return (await response.json()) as { data: { amount: number }[]; amount_received: number };
};
const refOf = ({ payment }: CheckoutView) => payment?.clientSecret?.split("_secret_")[0] ?? "";
const postedFor = async (reference: string) =>
  (await (await insider(shop)).call(Wallet).entries({ reference })).entries;

/** Claims an attempt as Order/checkout would have done a while ago. */
const claimedAgo = async (basket: ReturnType<typeof basketOf>, agoMs: number) => {
  const attemptId = newAttemptId();
  const checkoutId = deriveId("chk", mai.accountId, attemptId);
  const basketHash = sha256(canonical(basket));
  const claimedAt = new Date(Date.now() - agoMs);
  await shop.sql`insert into "order".checkout (checkout_id, account_id, attempt_id, basket_hash, claimed_at)
    values (${checkoutId}, ${mai.accountId}, ${attemptId}, ${basketHash}, ${claimedAt})`;
  return { attemptId, checkoutId };
};

describe("Order/checkout", () => {
  test("prices that changed are refused (PRICE_CHANGED), again and again for one attempt, and nothing is held", async () => {
    const thing = await an.offer(1_000, 3);
    const now = { minor: 1_100, currency: "USD" };
    await an.call(Listing).reprice({ skuId: thing.skuId, price: now });
    const [attemptId, basket] = [newAttemptId(), basketOf(mai, [thing])];
    for (let times = 0; times < 3; times++) {
      await expect(checkOut(mai, basket, attemptId)).rejects.toMatchObject({
        code: "PRICE_CHANGED",
        data: { lines: [{ skuId: thing.skuId, seen: thing.price, now }] },
      });
    }
    expect(await levelOf(thing)).toMatchObject({ held: 0, available: 3 });
    expect(await stateOf(deriveId("chk", mai.accountId, attemptId))).toBe("refused");
  });

  test("one item on two lines (LINE_TWICE) and an item of the buyer's own (OWN_LISTING) are refused", async () => {
    const thing = await an.offer(1_000, 3);
    await expect(checkOut(mai, basketOf(mai, [thing, thing]))).rejects.toMatchObject({ code: "LINE_TWICE" });
    const self = { ...an, addressId: (await an.call(AddressBook).add(ADDRESS)).addressId };
    const own = checkOut(self, basketOf(self, [thing]));
    await expect(own).rejects.toMatchObject({ code: "OWN_LISTING" });
  });

  test("an amount that the gateway does not take is refused (AMOUNT_UNPAYABLE) for good, and nothing is left held", async () => {
    const thing = await an.offer(90_000_000, 5);
    const [attemptId, basket] = [newAttemptId(), basketOf(mai, [thing], 2)];
    for (let times = 0; times < 2; times++)
      await expect(checkOut(mai, basket, attemptId)).rejects.toMatchObject({ code: "AMOUNT_UNPAYABLE" });
    expect(await levelOf(thing)).toMatchObject({ held: 0, available: 5 });
    expect(await stateOf(deriveId("chk", mai.accountId, attemptId))).toBe("abandoned");
  });

  test("an attempt that came to nothing says why to every repeat (CHECKOUT_CANCELLED), and another basket is ATTEMPT_REUSED", async () => {
    const thing = await an.offer(1_000, 3);
    const [attemptId, basket] = [newAttemptId(), basketOf(mai, [thing])];
    const { checkoutId } = await checkOut(mai, basket, attemptId);
    await mai.call(Checkout, checkoutId).cancel({});
    await expect
      .poll(() =>
        checkOut(mai, basket, attemptId).then(
          ({ state }) => state,
          (error: Error) => error,
        ),
      )
      .toMatchObject({ code: "CHECKOUT_CANCELLED" });
    const other = checkOut(mai, basketOf(mai, [thing], 2), attemptId);
    await expect(other).rejects.toMatchObject({ code: "ATTEMPT_REUSED" });
  });

  test("sums beyond what money can count are refused and never hang", async () => {
    const dear = await an.offer(1_000_000_000_000, 9_999);
    const error = await checkOut(mai, basketOf(mai, [dear], 9_999)).catch((refused: unknown) => refused);
    expect(error).toMatchObject({ status: expect.any(Number) });
    expect(await levelOf(dear)).toMatchObject({ held: 0 });
  }, 10_000);
});

describe("the payment window", () => {
  test("a checkout whose window is over is called off (PAYMENT_EXPIRED), and what was held goes back", async () => {
    const thing = await an.offer(1_000, 3);
    const basket = basketOf(mai, [thing]);
    const { attemptId, checkoutId } = await claimedAgo(basket, 60 * MINUTE_MS);
    await checkOut(mai, basket, attemptId).catch(() => undefined);
    await expect.poll(() => stateOf(checkoutId)).toBe("abandoned");
    await expect(checkOut(mai, basket, attemptId)).rejects.toMatchObject({ code: "PAYMENT_EXPIRED" });
    expect(await levelOf(thing)).toMatchObject({ held: 0, available: 3 });
    const { entries } = await mai.call(Order).timeline({ checkoutId });
    expect(entries.at(-1)?.says).toContain("PAYMENT_EXPIRED");
  });

  test("what was paid before the window's end is found by the last look, though no event ever came", async () => {
    shop.sandbox.faults.set({ webhooks: { loseRate: 1 } });
    const thing = await an.offer(1_000, 3);
    const basket = basketOf(mai, [thing]);
    const { attemptId, checkoutId } = await claimedAgo(basket, 13 * MINUTE_MS - 3_000);
    const view = await checkOut(mai, basket, attemptId);
    expect((await payInBrowser(shop.sandbox.url, view)).status).toBe(200);
    expect(await stateOf(checkoutId)).toBe("awaiting_payment");
    await expect.poll(() => stateOf(checkoutId), { timeout: 10_000 }).toBe("placed");
  });
});

describe("money that is not as asked", () => {
  test("another amount completes no order (PAYMENT_MISMATCH): all of it goes back, and the ledger shows both ways", async () => {
    const thing = await an.offer(2_000, 3);
    const view = await checkOut(mai, basketOf(mai, [thing]));
    await atGateway(`payment_intents/${refOf(view)}`, { amount: "150" });
    await payInBrowser(shop.sandbox.url, view);
    await expect.poll(() => stateOf(view.checkoutId), { timeout: 10_000 }).toBe("abandoned");
    await expect
      .poll(() => mai.call(Order).viewCheckout({ checkoutId: view.checkoutId }))
      .toMatchObject({ refused: { code: "PAYMENT_MISMATCH" }, orderIds: [] });
    const refunds = await atGateway(`refunds?payment_intent=${refOf(view)}`);
    expect(refunds.data.map(({ amount }) => amount)).toEqual([150]);
    const posted = await postedFor(view.checkoutId);
    expect(posted.map(({ kind }) => kind).toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
      "capture",
      "refund",
    ]);
    expect(posted.flatMap(({ lines }) => lines).reduce((sum, { minor }) => sum + minor, 0)).toBe(0);
    expect(await levelOf(thing)).toMatchObject({ held: 0, sold: 0, available: 3 });
  });

  test("money that comes in after the checkout was called off is given back without a person, once", async () => {
    const thing = await an.offer(2_000, 3);
    shop.sandbox.faults.set({ webhooks: { lateMs: 700, duplicate: 4 } });
    const view = await checkOut(mai, basketOf(mai, [thing]));
    await payInBrowser(shop.sandbox.url, view);
    // As if the void had found nothing to take back: the event is then the first to tell of the money.
    await shop.sql`update "order".charge set state = 'voided' where checkout_id = ${view.checkoutId}`;
    await expect
      .poll(async () => (await atGateway(`refunds?payment_intent=${refOf(view)}`)).data.length, {
        timeout: 10_000,
      })
      .toBe(1);
    await expect.poll(async () => (await postedFor(view.checkoutId)).length, { timeout: 10_000 }).toBe(2);
  });
});
