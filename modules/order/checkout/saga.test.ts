import { afterAll, beforeAll } from "vitest";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { newAttemptId } from "@shopnexus/contracts/client";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Cart } from "@shopnexus/contracts/order/cart";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Order } from "@shopnexus/contracts/order/order";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Probe } from "#modules/_kit/probe.ts";
import {
  basketOf,
  type Buyer,
  buyer,
  type Goods,
  operator,
  payInBrowser,
  type Person,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { keptFor } from "#tools/testkit/gateway.ts";
import { type Ending, sagaProof } from "#tools/testkit/saga-proof.ts";
import { balanceOf, fund, usd } from "./proof/stage.ts";
import { openShop, type TestShop } from "#tools/testkit/shop.ts";

const probes = new Map<string, Probe>();
let shop: TestShop;
let an: Seller;
let binh: Seller;
let boss: Person;

beforeAll(async () => {
  shop = await openShop(undefined, { logLevel: "warn", probe: (key) => probes.get(key ?? "") });
  [an, binh, boss] = await Promise.all([seller(shop), seller(shop), operator(shop)]);
});
afterAll(() => shop?.stop());

/** What a purchase of two pieces of each of two things leaves behind, summed over the tables it touches. */
type Rows = {
  checkout: string;
  orders: number;
  sold: number;
  held: number;
  promotion: { held: number; redeemed: number };
  escrow: number;
  ledger: number;
  charged: number;
  wallet: number;
  setAside: number;
  inCart: number;
};

sagaProof<Rows>({
  name: "Checkout/run",
  before: [
    "hold promotions",
    "reserve stock",
    "open checkout",
    "hold wallet part",
    "open charge",
    "commit stock",
    "redeem promotions",
  ],
  pivot: "settle charge",
  after: ["place orders", "finish sale"],
  trial,
  done: {
    checkout: "placed",
    orders: 2,
    sold: 4,
    held: 0,
    promotion: { held: 0, redeemed: 600 },
    escrow: 5_400,
    ledger: 0,
    charged: 4_400,
    wallet: 0,
    setAside: 0,
    inCart: 0,
  },
  undone: {
    checkout: "undone",
    orders: 0,
    sold: 0,
    held: 0,
    promotion: { held: 0, redeemed: 0 },
    escrow: 0,
    ledger: 0,
    charged: 0,
    wallet: 1_000,
    setAside: 0,
    inCart: 2,
  },
});

async function trial(probe: Probe): Promise<Ending<Rows>> {
  const [mai, goods, code] = await Promise.all([
    buyer(shop),
    Promise.all([an.offer(1_000, 10), binh.offer(2_000, 10)]),
    promotionCode(),
  ]);
  await fund(shop, mai.accountId, usd(1_000));
  await mai.call(Cart).put({ lines: goods.map(({ skuId }) => ({ skuId, pieces: 2 })) });
  const attemptId = newAttemptId();
  const checkoutId = deriveId("chk", mai.accountId, attemptId);
  probes.set(checkoutId, probe);
  const isDone = await buy(mai, checkoutId, {
    attemptId,
    ...basketOf(mai, goods, 2),
    codes: [code.code],
    wallet: usd(1_000),
  });
  return { isDone, rows: await rowsOf({ checkoutId, mai, goods, promotionId: code.promotionId }) };
}

async function buy(
  mai: Buyer,
  checkoutId: string,
  input: Parameters<ReturnType<typeof checkouts>["checkout"]>[0],
): Promise<boolean> {
  try {
    await payInBrowser(shop.sandbox.url, await checkouts(mai).checkout(input));
    await mai.call(Checkout, checkoutId).look({});
  } catch {
    // Refused on the way: what it left is what the proof looks at.
  }
  return (await ended(checkoutId)) === "placed";
}

const checkouts = (mai: Buyer) => mai.call(Order);

/** Waits for the run's own end; the checkout's row alone does not say that every undo is through. */
async function ended(checkoutId: string): Promise<string> {
  const url = `${shop.ingressUrl}/restate/workflow/Checkout/${checkoutId}/attach`;
  const { status } = await fetch(url);
  return status === 200 ? "placed" : "undone";
}

async function promotionCode(): Promise<{ promotionId: string; code: string }> {
  const code = `P${newAttemptId().toUpperCase().slice(0, 18)}`;
  const now = Date.now();
  const { promotionId } = await boss.call(Promotion).launch({
    name: "Ten percent",
    code,
    discount: { kind: "percent", basisPoints: 1_000 },
    budget: { minor: 100_000, currency: "USD" },
    startsAt: instant(now - DAY_MS),
    endsAt: instant(now + DAY_MS),
  });
  return { promotionId, code };
}

type Traces = { checkoutId: string; mai: Buyer; goods: readonly Goods[]; promotionId: string };

async function rowsOf({ checkoutId, mai, goods, promotionId }: Traces): Promise<Rows> {
  const { sql } = shop;
  const skuIds = goods.map(({ skuId }) => skuId);
  const [checkout] = await sql`select state from "order".checkout where checkout_id = ${checkoutId}`;
  const [orders] =
    await sql`select count(*)::int as n from "order"."order" where checkout_id = ${checkoutId}`;
  const [level] =
    await sql`select sum(held)::int as held, sum(sold)::int as sold from inventory.level where sku_id in ${sql(skuIds)}`;
  const lines = await sql<{ account: string; minor: number }[]>`
    select account, sum(minor)::int as minor from account.entry_line l join account.entry e using (entry_id)
    where e.reference = ${checkoutId} group by account`;
  const [cart] =
    await sql`select count(*)::int as n from "order".cart_line where account_id = ${mai.accountId}`;
  const promotion = await boss.call(Promotion).read({ promotionId });
  return {
    checkout: checkout?.["state"] === "placed" ? "placed" : "undone",
    orders: orders?.["n"],
    sold: level?.["sold"],
    held: level?.["held"],
    promotion: { held: promotion.held.minor, redeemed: promotion.redeemed.minor },
    escrow: lines
      .filter(({ account }) => account.startsWith("escrow:"))
      .reduce((sum, { minor }) => sum + minor, 0),
    ledger: lines.reduce((sum, { minor }) => sum + minor, 0),
    charged: (await keptFor(shop, checkoutId)).kept,
    wallet: await balanceOf(shop, `wallet:${mai.accountId}`, "USD"),
    setAside: await balanceOf(shop, `held:${mai.accountId}`, "USD"),
    inCart: cart?.["n"],
  };
}
