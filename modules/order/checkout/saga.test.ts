import { afterAll, beforeAll, expect, test } from "vitest";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { newAttemptId } from "@shopnexus/contracts/client";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Ticket } from "@shopnexus/contracts/inventory/ticket";
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
import { type DropRows, dropOf, dropRowsOf, postedFor } from "./proof/drops.ts";
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

sagaProof<DropRows>({
  name: "Checkout/run of a drop's piece",
  before: ["reserve stock", "open checkout", "open charge", "commit stock"],
  pivot: "settle charge",
  after: ["place orders", "finish sale"],
  only: ["reserve stock", "commit stock"],
  trial: dropTrial,
  done: {
    ticket: "sold",
    claims: ["sold"],
    drop: { taken: 0, sold: 1, waiting: 1 },
    owned: 1,
    level: { held: 0, sold: 1 },
    shelf: { held: 0, sold: 1 },
    drifted: 0,
    escrow: 1_500,
    ledger: 0,
    charged: 1_500,
  },
  undone: {
    ticket: "admitted",
    claims: ["back"],
    drop: { taken: 1, sold: 0, waiting: 1 },
    owned: 1,
    level: { held: 1, sold: 0 },
    shelf: { held: 0, sold: 0 },
    drifted: 0,
    escrow: 0,
    ledger: 0,
    charged: 0,
  },
});

/** One unit, which somebody else waits for: what is given back within its time is its buyer's to use again. */
async function dropTrial(probe: Probe): Promise<Ending<DropRows>> {
  const [mai, lan, ...goods] = await Promise.all([
    buyer(shop),
    buyer(shop),
    an.offer(2_000, 1),
    an.offer(1_000, 10),
  ]);
  const [rare, plain] = goods;
  const drop = await dropOf(an, rare);
  const ask = { dropId: drop.dropId, skuId: rare.skuId, pieces: 1 };
  const { ticketId } = await mai.call(Ticket).enter({ ...ask, attemptId: newAttemptId() });
  await lan.call(Ticket).enter({ ...ask, attemptId: newAttemptId() });
  const attemptId = newAttemptId();
  const checkoutId = deriveId("chk", mai.accountId, attemptId);
  probes.set(checkoutId, probe);
  const { lines, ...basket } = basketOf(mai, [{ ...rare, price: usd(500) }, plain]);
  const [first, ...rest] = lines;
  const isDone = await buy(mai, checkoutId, {
    attemptId,
    ...basket,
    lines: [{ ...first, ticketId } as (typeof lines)[number], ...rest],
  });
  return { isDone, rows: await dropRowsOf(shop, { checkoutId, ticketId, rare, plain }) };
}

test("Order/checkout: a click that is repeated while its charge is being opened is told how to pay", async () => {
  const [mai, thing] = await Promise.all([buyer(shop), an.offer(1_000, 1)]);
  const input = { attemptId: newAttemptId(), ...basketOf(mai, [thing]) };
  const checkoutId = deriveId("chk", mai.accountId, input.attemptId);
  probes.set(checkoutId, { faultOnce: { pair: "open charge", when: "before" } });
  const first = checkouts(mai).checkout(input);
  const isOpened = async () =>
    (await shop.sql`select state from "order".checkout where checkout_id = ${checkoutId}`)[0]?.["state"];
  await expect.poll(isOpened, { interval: 5, timeout: 10_000 }).toBe("awaiting_payment");
  const second = await checkouts(mai).checkout(input);
  expect(second.payment?.clientSecret).toBeTypeOf("string");
  expect(second).toEqual(await first);
});

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
  const { escrow, ledger } = await postedFor(shop, checkoutId);
  const [cart] =
    await sql`select count(*)::int as n from "order".cart_line where account_id = ${mai.accountId}`;
  const promotion = await boss.call(Promotion).read({ promotionId });
  return {
    checkout: checkout?.["state"] === "placed" ? "placed" : "undone",
    orders: orders?.["n"],
    sold: level?.["sold"],
    held: level?.["held"],
    promotion: { held: promotion.held.minor, redeemed: promotion.redeemed.minor },
    escrow,
    ledger,
    charged: (await keptFor(shop, checkoutId)).kept,
    wallet: await balanceOf(shop, `wallet:${mai.accountId}`, "USD"),
    setAside: await balanceOf(shop, `held:${mai.accountId}`, "USD"),
    inCart: cart?.["n"],
  };
}
