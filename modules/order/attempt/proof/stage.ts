/** Checkouts as the workflow would claim, open and place them, on a database of their own. */
import type { In } from "@shopnexus/contracts/kit/contract";
import { freshId } from "@shopnexus/contracts/kit/id";
import { instant, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import type { FrozenLine } from "@shopnexus/contracts/order/basket";
import type { Attempt } from "@shopnexus/contracts/order/attempt";
import type { Db } from "#db/_kit/database.ts";
import { sha256 } from "#modules/_kit/derive.ts";
import { ADDRESS } from "#tools/testkit/people.ts";
import { asModule, sceneOf } from "#tools/testkit/scene.ts";
import { claim } from "../claim.ts";
import { open } from "../open.ts";
import { place } from "../place.ts";

type Claim = In<typeof Attempt, "claim">;
type Opening = In<typeof Attempt, "open">;

export const claimOf = (accountId = freshId("acc"), basket = "a basket"): Claim => ({
  checkoutId: freshId("chk"),
  accountId,
  attemptId: `attempt-${freshId("evt").slice(4)}`,
  basketHash: sha256(basket),
});

export const lineOf = (sellerId: string, unitMinor = 1_000, pieces = 1): FrozenLine => {
  const price = (minor: number) => ({ minor, currency: "USD" });
  return {
    lineId: freshId("lin"),
    skuId: freshId("sku"),
    listingId: freshId("lst"),
    sellerId,
    title: "A thing",
    pieces,
    unitPrice: price(unitMinor),
    discount: price(0),
    total: price(unitMinor * pieces),
    source: price(unitMinor),
    shipping: price(0),
    commission: price(0),
    note: null,
    weightGrams: 100,
    sizeMm: null,
    isBackordered: false,
  };
};

export const openingOf = (checkoutId: string, lines: FrozenLine[], windowMs = 10 * MINUTE_MS): Opening => ({
  checkoutId,
  address: { addressId: freshId("adr"), ...ADDRESS },
  currency: "USD",
  lines,
  groups: [...new Set(lines.map(({ sellerId }) => sellerId))].map((sellerId) => ({
    sellerId,
    carrier: "own",
    service: "standard",
    shipping: { minor: 0, currency: "USD" },
    days: null,
    from: null,
    sellerCurrency: "USD",
    sellerRate: "1",
  })),
  wallet: { minor: 0, currency: "USD" },
  windowEndsAt: instant(Date.now() + windowMs),
});

export const moduleScene = (db: Db) => sceneOf(db, asModule("order"));

/** A claimed checkout that can be paid. */
export const opened = async (db: Db, lines: FrozenLine[], accountId?: string): Promise<Claim> => {
  const claimed = claimOf(accountId);
  await claim(claimed, moduleScene(db));
  await open(openingOf(claimed.checkoutId, lines), moduleScene(db));
  return claimed;
};

/** A checkout whose orders are placed, with their ids by seller. */
export const placed = async (db: Db, lines: FrozenLine[], accountId?: string) => {
  const claimed = await opened(db, lines, accountId);
  const { orders } = await place({ checkoutId: claimed.checkoutId }, moduleScene(db));
  return { ...claimed, orderIds: new Map(orders.map(({ sellerId, orderId }) => [sellerId, orderId])) };
};
