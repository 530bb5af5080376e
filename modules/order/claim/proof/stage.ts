/** Orders that were sold, sent and paid out, as rows and as entries: what claims and chargebacks begin with. */
import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import type { Claim } from "@shopnexus/contracts/order/claim";
import type { Db, Tx } from "#db/_kit/database.ts";
import { tender } from "#db/order/payments.ts";
import { order } from "#db/order/tables.ts";
import { eq } from "drizzle-orm";
import { claimOf, lineOf, moduleScene, openingOf } from "../../attempt/proof/stage.ts";
import { claim } from "../../attempt/claim.ts";
import { open } from "../../attempt/open.ts";
import { place } from "../../attempt/place.ts";
import { carryEntry, type Entry, type Party, releaseEntry } from "../../_kit/entries.ts";
import { carry, type Move, release } from "../../_kit/money.ts";
import { countChange, type LineRow, lockOrder, moveLines, moveMoney } from "../../line/rows.ts";

/** One line to sell; everything that is not said is the plainest there is. */
export type Selling = {
  readonly sellerId: string;
  readonly unitMinor?: number;
  readonly pieces?: number;
  readonly shippingMinor?: number;
  readonly commissionMinor?: number;
  /** What of its price the platform pays for the buyer, and what of the rest the buyer gets back. */
  readonly platformDiscountMinor?: number;
  readonly cashbackMinor?: number;
  /** What of its carriage the seller pays for the buyer. */
  readonly sellerCarriageMinor?: number;
  readonly skuId?: string;
};
export type Sale = {
  readonly lines: readonly Selling[];
  readonly buyerId?: string;
  readonly currency?: string;
  /** In which currency sellers are paid, and how many units of it one of the buyer's is worth. */
  readonly seller?: { readonly currency: string; readonly rate: string };
  /** What came from the buyer's wallet; the rest came in at the gateway. */
  readonly walletMinor?: number;
  readonly gatewayRef?: string;
  readonly chargeId?: string;
};
export type Sold = {
  readonly checkoutId: string;
  readonly chargeId: string;
  readonly buyerId: string;
  readonly totalMinor: number;
  /** By seller. */
  readonly orders: ReadonlyMap<string, string>;
  readonly lineIds: readonly string[];
};

/** Posts an entry to the ledger; tests of rows alone have none. */
export type Post = (entry: Entry) => Promise<unknown>;
export const unposted: Post = async () => undefined;

/** A checkout that is paid and placed, with its tender and its capture. */
export const sell = async (db: Db, sale: Sale, post: Post = unposted): Promise<Sold> => {
  const { currency = "USD", seller = { currency, rate: "1" }, walletMinor = 0 } = sale;
  const claimed = claimOf(sale.buyerId);
  const { checkoutId, accountId } = claimed;
  await claim(claimed, moduleScene(db));
  const price = (minor: number) => ({ minor, currency });
  const lines = sale.lines.map((line) => {
    const { unitMinor = 1_000, pieces = 1, shippingMinor = 0, commissionMinor = 0 } = line;
    const { platformDiscountMinor = 0, cashbackMinor = 0, sellerCarriageMinor = 0 } = line;
    const plain = lineOf(line.sellerId, unitMinor, pieces);
    return {
      ...plain,
      skuId: line.skuId ?? plain.skuId,
      unitPrice: price(unitMinor),
      discount: price(platformDiscountMinor),
      platformDiscount: price(platformDiscountMinor),
      cashback: price(cashbackMinor),
      total: price(unitMinor * pieces - platformDiscountMinor),
      shipping: price(shippingMinor),
      sellerCarriage: price(sellerCarriageMinor),
      commission: price(commissionMinor),
    };
  });
  const opening = openingOf(checkoutId, lines);
  const groups = opening.groups.map((group) => {
    const own = lines.filter(({ sellerId }) => sellerId === group.sellerId);
    const shipping = price(own.reduce((sum, line) => sum + line.shipping.minor, 0));
    return { ...group, shipping, sellerCurrency: seller.currency, sellerRate: seller.rate };
  });
  await open({ ...opening, currency, groups, wallet: price(walletMinor) }, moduleScene(db));
  const { orders } = await place({ checkoutId }, moduleScene(db));
  const totalMinor = orders.reduce((sum, { total }) => sum + total.minor, 0);
  const chargeId = sale.chargeId ?? freshId("chg");
  const gatewayMinor = totalMinor - walletMinor;
  await db.insert(tender).values({
    checkoutId,
    chargeId: gatewayMinor > 0 ? chargeId : null,
    gateway: gatewayMinor > 0 ? "stripe" : null,
    gatewayRef: gatewayMinor > 0 ? (sale.gatewayRef ?? `pi_${chargeId}`) : null,
    accountId,
    currency,
    gatewayMinor,
    walletMinor,
  });
  await capture({ checkoutId, accountId, currency, gatewayMinor, walletMinor }, orders, post);
  return {
    checkoutId,
    chargeId,
    buyerId: accountId,
    totalMinor,
    orders: new Map(orders.map(({ sellerId, orderId }) => [sellerId, orderId])),
    lineIds: lines.map(({ lineId }) => lineId),
  };
};

type Captured = {
  readonly checkoutId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly gatewayMinor: number;
  readonly walletMinor: number;
};

/** What the buyer had in the wallet came from somewhere else before. */
const capture = async (
  { checkoutId, accountId, currency, gatewayMinor, walletMinor }: Captured,
  orders: ReadonlyArray<{ orderId: string; total: { minor: number } }>,
  post: Post,
): Promise<void> => {
  const line = (account: string, minor: number) => ({ account, minor, currency });
  const entry = (entryKey: string, lines: Entry["lines"], kind: Entry["kind"]) =>
    post({ entryKey: `${checkoutId}/${entryKey}`, kind, reference: checkoutId, lines });
  if (walletMinor > 0)
    await entry(
      "fund",
      [line("platform:losses", -walletMinor), line(`wallet:${accountId}`, walletMinor)],
      "adjustment",
    );
  const from = [line("gateway:stripe", -gatewayMinor), line(`wallet:${accountId}`, -walletMinor)];
  const to = orders.map(({ orderId, total }) => line(`escrow:${orderId}`, total.minor));
  await entry(
    "capture",
    [...from, ...to].filter(({ minor }) => minor !== 0),
    "capture",
  );
};

/** Its lines are brought: the carriage is spent, and the window of escrow has begun. */
export const deliver = async (db: Db, orderId: string, post: Post = unposted): Promise<void> => {
  await send(db, orderId, post);
  await change(db, orderId, (tx, lines) => {
    const claimUntil = new Date(Date.now() + 30 * 86_400_000);
    return moveLines(tx, lines, {
      event: "deliver",
      dueAt: new Date(Date.now() + 7 * 86_400_000),
      claimUntil,
    });
  });
};

/** Its lines are on their way. */
export const send = async (db: Db, orderId: string, post: Post = unposted): Promise<void> => {
  await change(db, orderId, (tx, lines) => moveLines(tx, lines, "confirm"));
  const carriedMinor = await change(db, orderId, async (tx, lines) => {
    await moveLines(tx, lines, "ship");
    const moves = lines.map((line) => ({ ...carry(line), lineId: line.lineId }));
    await moveMoney(tx, { key: `${orderId}/carry`, kind: "carry", orderId }, moves);
    return moves.reduce((sum, move) => sum + move.carriedMinor, 0);
  });
  for (const entry of carryEntry(orderId, await partyOf(db, orderId), carriedMinor)) await post(entry);
};

/** The window is over, and the seller has the money. */
export const payOut = async (db: Db, orderId: string, post: Post = unposted): Promise<void> => {
  const totals = await change(db, orderId, async (tx, lines) => {
    await moveLines(tx, lines, "fulfil");
    const moves = lines.map((line) => ({ ...release(line), lineId: line.lineId }));
    await moveMoney(tx, { key: `${orderId}/release`, kind: "release", orderId }, moves);
    const sumOf = (name: keyof Move) => moves.reduce((sum, move) => sum + move[name], 0);
    return {
      grossMinor: sumOf("releasedMinor"),
      commissionMinor: sumOf("commissionMinor"),
      subsidizedMinor: sumOf("subsidizedMinor"),
      borneMinor: sumOf("borneMinor"),
      cashback: { buyerId: await buyerOf(tx, orderId), minor: sumOf("rewardedMinor") },
    };
  });
  for (const entry of releaseEntry(orderId, await partyOf(db, orderId), totals)) await post(entry);
};

const buyerOf = async (tx: Tx, orderId: string): Promise<string> => {
  const [head] = await tx.select().from(order).where(eq(order.orderId, orderId));
  return head?.buyerId ?? "";
};

export const partyOf = async (db: Db, orderId: string): Promise<Party> => {
  const [head] = await db.select().from(order).where(eq(order.orderId, orderId));
  if (head === undefined) throw new Error(`there is no order ${orderId}`);
  const { sellerId, currency, sellerCurrency, sellerRate } = head;
  return { orderId, sellerId, currency, sellerCurrency, sellerRate };
};

/** As whoever has the turn would: with the order locked, and its version counted. */
export const change = <T>(
  db: Db,
  orderId: string,
  work: (tx: Tx, lines: LineRow[]) => Promise<T>,
): Promise<T> =>
  db.transaction(async (tx) => {
    const held = await lockOrder(tx, orderId);
    if (held === undefined) throw new Error(`there is no order ${orderId}`);
    const done = await work(tx, held.lines);
    await countChange(tx, orderId);
    return done;
  });

type Ask = In<typeof Claim, "open">;

/** What a buyer asks: one piece of one line, for a plain reason. */
export const askOf = (orderId: string, lineId: string, rest: Partial<Ask> = {}): Ask => ({
  orderId,
  claimKey: freshId("evt").slice(4),
  lines: [{ lineId, pieces: 1 }],
  reason: "changed_mind",
  says: "It does not fit.",
  evidence: [],
  ...rest,
});
