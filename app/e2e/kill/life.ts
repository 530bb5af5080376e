/** One whole life of an order, from checkout to payout, and what it leaves behind in every book, without its ids. */
import { setTimeout as sleep } from "node:timers/promises";
import { Statement } from "@shopnexus/contracts/account/statement";
import { newAttemptId } from "@shopnexus/contracts/client";
import { freshId } from "@shopnexus/contracts/kit/id";
import { Checkout } from "@shopnexus/contracts/order/checkout";
import { Claim } from "@shopnexus/contracts/order/claim";
import { Earnings } from "@shopnexus/contracts/order/earnings";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { Order } from "@shopnexus/contracts/order/order";
import { Refund } from "@shopnexus/contracts/order/refund";
import { DAY_MS, instant } from "@shopnexus/contracts/kit/time";
import { Promotion } from "@shopnexus/contracts/promotion/promotion";
import {
  type Buyer,
  buyer,
  type Goods,
  operator,
  payInBrowser,
  type Seller,
  seller,
} from "#tools/testkit/people.ts";
import { pendingRuns } from "#tools/testkit/console.ts";
import { banked } from "#tools/testkit/earners.ts";
import { gift } from "#tools/testkit/gift.ts";
import type { TestShop } from "#tools/testkit/shop.ts";

export type People = { readonly mai: Buyer; readonly an: Seller; readonly goods: readonly Goods[] };
export type Life = People & {
  readonly checkoutId: string;
  readonly orderId: string;
  readonly refundId: string;
  readonly payoutId: string;
};

export const peopleOf = async (shop: TestShop): Promise<People> => {
  const [mai, an] = await Promise.all([buyer(shop), seller(shop)]);
  await gift(shop.sql, mai.accountId, { minor: 1_000, currency: "USD" });
  await banked(an, "USD");
  const goods = [await an.offer(2_000, 10), await an.offer(1_500, 10)];
  shop.sandbox.carrier.setTariff({ baseMinor: 400 });
  await promote(shop, { an, goods });
  return { mai, an, goods };
};

/** The platform pays a part of the goods, and gives the buyer some of the rest back; the seller pays half of the carriage. */
const promote = async (shop: TestShop, { an, goods }: Pick<People, "an" | "goods">): Promise<void> => {
  const clerk = await operator(shop);
  const now = Date.now();
  const terms = {
    targets: goods.map(({ skuId }) => ({ kind: "sku" as const, skuId })),
    budget: { minor: 1_000_000, currency: "USD" },
    startsAt: instant(now - DAY_MS),
    endsAt: instant(now + DAY_MS),
  };
  const part = (basisPoints: number) => ({ kind: "percent" as const, basisPoints });
  const promotion = clerk.call(Promotion);
  await promotion.launch({ name: "On the house", discount: part(1_111), ...terms });
  await promotion.launch({ name: "A little back", gives: "cashback", discount: part(333), ...terms });
  await an
    .call(Promotion)
    .create({ name: "Half the way", gives: "shipping", discount: part(5_000), ...terms });
};

/** Some deaths long, on a busy machine. */
const WAIT_MS = 120_000;

/** Asks until it is so; the product may be dead at any moment. */
const untilIn =
  (adminUrl: string) =>
  async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
    const endMs = Date.now() + WAIT_MS;
    let last: unknown;
    for (;;) {
      const found = await look().catch((error: unknown) => void (last = error));
      if (found !== undefined) return found;
      if (Date.now() > endMs)
        throw new Error(`${what}: not within ${WAIT_MS} ms. ${await pendingRuns(adminUrl)}`, { cause: last });
      await sleep(30);
    }
  };

export const lifeOf = async (shop: TestShop, people: People): Promise<Life> => {
  const { mai, an, goods } = people;
  const until = untilIn(shop.adminUrl);
  const opened = await mai.call(Order).checkout({
    attemptId: newAttemptId(),
    addressId: mai.addressId,
    gateway: "stripe",
    currency: "USD",
    codes: [],
    lines: goods.map(({ skuId, price }) => ({ skuId, pieces: 2, seen: price })),
    wallet: { minor: 1_000, currency: "USD" },
  });
  const { checkoutId } = opened;
  await payInBrowser(shop.sandbox.url, opened);
  const orderId = await until("placed", async () => {
    const view = await mai.call(Checkout, checkoutId).look({});
    return view.orderIds[0];
  });
  await an.call(Fulfilment, orderId).confirm({});
  const [trackingId, lineIds] = await until("sealed", async () => {
    const [row] = await shop.sql<{ trackingId: string; lineIds: string[] }[]>`
      select tracking_id as "trackingId", (select array_agg(line_id order by position) from "order".checkout_line l
        where l.order_id = s.order_id) as "lineIds"
      from "order".shipment s where order_id = ${orderId} and sealed_at is not null`;
    return row === undefined ? undefined : ([row.trackingId, row.lineIds] as const);
  });
  shop.sandbox.carrier.move(trackingId, "picked_up");
  await until("shipped, and told so", async () => {
    const rows = await shop.sql`
      select 1 from common.mail where recipient = ${mai.email} and template = 'parcel_shipped'`;
    return rows.length > 0 ? true : undefined;
  });
  shop.sandbox.carrier.move(trackingId, "delivered");
  await until("delivered", () =>
    inState(shop, orderId, { states: ["delivered", "fulfilled"], count: lineIds.length }),
  );
  const { refundId } = await mai.call(Claim).open({
    orderId,
    claimKey: `claim-${orderId.slice(4)}`,
    lines: [{ lineId: lineIds[0] ?? "", pieces: 1, amount: { minor: 700, currency: "USD" } }],
    reason: "damaged",
    says: "One is broken.",
    evidence: [freshId("fil")],
  });
  await an.call(Refund, refundId).answer({ answer: "accept", says: "Sorry." });
  await until("refunded", async () => {
    const { state } = await mai.call(Claim).read({ refundId });
    return state === "settled" ? true : undefined;
  });
  await until("fulfilled", () => inState(shop, orderId, { states: ["fulfilled"], count: lineIds.length }));
  const available = await until("released", async () => {
    // The ledger follows the rows: both have to have nothing left.
    const [row] = await shop.sql`
      select (select sum(escrow_minor)::int from "order".checkout_line where order_id = ${orderId}) as "inRows",
        (select sum(minor)::int from account.balance where account = ${`escrow:${orderId}`}) as "inLedger"`;
    if (row?.["inRows"] !== 0 || row["inLedger"] !== 0) return undefined;
    return (await an.call(Statement).mine({})).funds[0]?.available;
  });
  const { payoutId } = await an.call(Earnings).withdraw({
    requestKey: `payout-${orderId.slice(4)}`,
    amount: { minor: available.minor, currency: "USD" },
  });
  await until("paid out", async () => {
    const { state } = await an.call(Earnings).read({ payoutId });
    return state === "sent" ? true : undefined;
  });
  return { ...people, checkoutId, orderId, refundId, payoutId };
};

const inState = async (
  { sql }: TestShop,
  orderId: string,
  { states, count }: { states: readonly string[]; count: number },
): Promise<true | undefined> => {
  const rows = await sql`
    select 1 from "order".checkout_line where order_id = ${orderId} and state in ${sql(states)}`;
  return rows.length === count ? true : undefined;
};

/** Everything that a life leaves, with names in place of ids, so that two lives can be compared. */
export const remainsOf = async (shop: TestShop, life: Life) => {
  const { sql, sandbox } = shop;
  const { mai, an, checkoutId, orderId, refundId, payoutId } = life;
  const names = new Map([
    [mai.accountId, "mai"],
    [an.accountId, "an"],
    [orderId, "order"],
  ]);
  const named = (account: string): string => {
    const [kind = "", id = ""] = account.split(":");
    return `${kind}:${names.get(id) ?? id}`;
  };
  // Lines that are due at one time are paid out by one entry, and it takes a while to rise from the dead.
  const entries = await sql`
    select e.kind, l.account, l.currency, sum(l.minor)::int as minor,
      case when e.kind = 'release' then null else count(*)::int end as lines
    from account.entry e join account.entry_line l using (entry_id)
    where e.reference in ${sql([checkoutId, orderId, refundId, payoutId, mai.accountId, an.accountId])}
    group by e.kind, l.account, l.currency order by e.kind, l.account`;
  const lines = await sql`
    select position, state, reason, pieces_back, paid_minor::int, escrow_minor::int, carried_minor::int,
      released_minor::int, returned_minor::int, clawed_minor::int, commission_minor::int,
      platform_discount_minor::int, subsidized_minor::int, cashback_minor::int, rewarded_minor::int,
      shipping_minor::int, seller_carriage_minor::int, borne_minor::int
    from "order".checkout_line where order_id = ${orderId} order by position`;
  const movements = await sql`
    select reason, on_hand_delta, held_delta, sold_delta from inventory.movement
    where sku_id in ${sql(life.goods.map(({ skuId }) => skuId))} order by reason, on_hand_delta, held_delta, sold_delta`;
  const [gateway] = await sql`
    select gateway_minor::int as gateway, wallet_minor::int as wallet, gateway_returned_minor::int as gateway_returned,
      wallet_returned_minor::int as wallet_returned from "order".tender where checkout_id = ${checkoutId}`;
  const events = await sql`
    select distinct kind from common.event where subject in ${sql([checkoutId, orderId, refundId, payoutId])} order by kind`;
  const told =
    await sql`select distinct what from "order".timeline where checkout_id = ${checkoutId} order by what`;
  // A letter that was with the mail server when the process died is with nobody else for two minutes.
  const mails = await sql`
    select recipient = ${mai.email} as "isBuyer", template, count(*)::int as n from common.mail
    where recipient in ${sql([mai.email, an.email])} group by 1, 2 order by 1, 2`;
  const parcels = sandbox.carrier
    .shipments()
    .filter(({ reference }) => names.has(reference) || isOf(life, reference));
  return {
    entries: entries
      .map((row) => JSON.stringify({ ...row, account: named(String(row["account"])) }))
      .toSorted(),
    lines: [...lines],
    movements: [...movements],
    gateway,
    events: [...events],
    told: [...told],
    mails: [...mails],
    parcels: parcels.map(({ status }) => status),
  };
};

const isOf = ({ orderId }: Life, reference: string): boolean => reference.includes(orderId);
