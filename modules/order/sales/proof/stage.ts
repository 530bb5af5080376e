/** Orders as any life of theirs may have left them, written straight into a database. */
import { freshId } from "@shopnexus/contracts/kit/id";
import type { LineState } from "@shopnexus/contracts/order/line";
import type { Db } from "#db/_kit/database.ts";
import { checkout, checkoutLine, order } from "#db/order/tables.ts";
import { ADDRESS } from "#tools/testkit/people.ts";
import { asAccount, sceneOf } from "#tools/testkit/scene.ts";
import { orderState, orderTab } from "../../_kit/states.ts";

export type SoldLine = {
  readonly skuId?: string;
  readonly title?: string;
  readonly pieces?: number;
  readonly unitMinor?: number;
  readonly shippingMinor?: number;
  readonly commissionMinor?: number;
  readonly carriedMinor?: number;
  readonly releasedMinor?: number;
  readonly returnedMinor?: number;
  readonly clawedMinor?: number;
  readonly piecesBack?: number;
  readonly state?: LineState;
  readonly dueAt?: Date | null;
  readonly note?: string;
};
export type Sale = {
  readonly sellerId: string;
  readonly buyerId?: string;
  readonly checkoutId?: string;
  readonly currency?: string;
  readonly sellerCurrency?: string;
  readonly sellerRate?: string;
  readonly placedAt?: Date;
  readonly lines: readonly SoldLine[];
};

/** As somebody with an account; a seller unless other roles are named. */
export const as = (db: Db, accountId: string, ...roles: ("seller" | "operator")[]) =>
  sceneOf(db, asAccount(accountId, ...roles));

const DUE_MS = 172_800_000;

const lineRow = (
  line: SoldLine,
  ids: { checkoutId: string; orderId: string; sellerId: string },
  position: number,
) => {
  const { pieces = 1, unitMinor = 1_000, shippingMinor = 0, carriedMinor = 0 } = line;
  const { releasedMinor = 0, returnedMinor = 0, clawedMinor = 0 } = line;
  const totalMinor = pieces * unitMinor;
  const paidMinor = totalMinor + shippingMinor;
  return {
    ...ids,
    lineId: freshId("lin"),
    position,
    skuId: line.skuId ?? freshId("sku"),
    listingId: freshId("lst"),
    title: line.title ?? "A thing",
    pieces,
    unitMinor,
    discountMinor: 0,
    totalMinor,
    note: line.note ?? null,
    piecesBack: line.piecesBack ?? 0,
    state: line.state ?? ("paid" as const),
    dueAt: line.dueAt === undefined ? new Date(Date.now() + DUE_MS) : line.dueAt,
    shippingMinor,
    commissionMinor: line.commissionMinor ?? 0,
    paidMinor,
    carriedMinor,
    releasedMinor,
    returnedMinor,
    clawedMinor,
    escrowMinor: paidMinor - carriedMinor - releasedMinor - (returnedMinor - clawedMinor),
  };
};

type Rows = {
  readonly lines: ReturnType<typeof lineRow>[];
  readonly head: typeof order.$inferInsert;
  readonly basket: typeof checkout.$inferInsert;
};

const rowsOf = (sale: Sale): Rows => {
  const { sellerId, buyerId = freshId("acc"), currency = "USD", placedAt = new Date() } = sale;
  const { checkoutId = freshId("chk"), sellerCurrency = currency, sellerRate = "1" } = sale;
  const orderId = freshId("ord");
  const lines = sale.lines.map((line, at) => lineRow(line, { checkoutId, orderId, sellerId }, at));
  const totalMinor = lines.reduce((sum, line) => sum + line.paidMinor, 0);
  const shippingMinor = lines.reduce((sum, line) => sum + line.shippingMinor, 0);
  const states = lines.map(({ state }) => ({ state, resumeState: null }));
  const basket = {
    checkoutId,
    accountId: buyerId,
    totalMinor,
    currency,
    state: "placed" as const,
    attemptId: `attempt-${checkoutId}`,
    basketHash: "0".repeat(64),
    address: { addressId: freshId("adr"), ...ADDRESS },
    claimedAt: placedAt,
  };
  const head = {
    orderId,
    checkoutId,
    buyerId,
    sellerId,
    currency,
    placedAt,
    sellerCurrency,
    sellerRate,
    totalMinor,
    shippingMinor,
    state: orderState(states),
    tab: orderTab(states, 0),
  };
  return { lines, head, basket };
};

/** Writes orders of one seller or of many; gives their ids, with those of their lines. */
export const sell = async (
  db: Db,
  sales: readonly Sale[],
): Promise<Array<{ orderId: string; checkoutId: string; buyerId: string; lineIds: string[] }>> => {
  if (sales.length === 0) return [];
  const rows = sales.map(rowsOf);
  await db
    .insert(checkout)
    .values(rows.map(({ basket }) => basket))
    .onConflictDoNothing();
  await db.insert(order).values(rows.map(({ head }) => head));
  await db.insert(checkoutLine).values(rows.flatMap(({ lines }) => lines));
  return rows.map(({ head: { orderId, checkoutId, buyerId }, lines }) => ({
    orderId,
    checkoutId,
    buyerId,
    lineIds: lines.map(({ lineId }) => lineId),
  }));
};
