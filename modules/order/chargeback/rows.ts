/** SQL that the verbs of Chargeback share. */
import { and, asc, eq, inArray, ne, sql } from "drizzle-orm";
import type { Out } from "@shopnexus/contracts/kit/contract";
import type { Chargeback } from "@shopnexus/contracts/order/chargeback";
import type { Db, Tx } from "#db/_kit/database.ts";
import { chargeback, type ChargebackEnding } from "#db/order/chargebacks.ts";
import { giveBack, tender } from "#db/order/payments.ts";
import { order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { totalsOf } from "../_kit/entries.ts";
import { countChange, type LineRow, lockOrder, movesOf, type OrderRow } from "../line/rows.ts";
import type { Pot } from "./rules.ts";

export type ChargebackRow = typeof chargeback.$inferSelect;
export type Taken = NonNullable<Out<typeof Chargeback, "take">["taken"]>;

/** A chargeback in the hands of whoever changes it, with the orders of its checkout, locked in the order of their ids. */
export const lockChargeback = async (
  tx: Tx,
  chargebackId: string,
): Promise<{ row: ChargebackRow; orders: Array<{ head: OrderRow; lines: LineRow[] }> }> => {
  const known = await findChargeback(tx, chargebackId);
  const ids = known.checkoutId === null ? [] : await orderIdsOf(tx, known.checkoutId);
  const orders: Array<{ head: OrderRow; lines: LineRow[] }> = [];
  for (const orderId of ids) {
    const held = await lockOrder(tx, orderId);
    if (held !== undefined) orders.push(held);
  }
  const [row] = await tx
    .select()
    .from(chargeback)
    .where(eq(chargeback.chargebackId, chargebackId))
    .for("update");
  assert(row !== undefined, "chargebacks are never deleted");
  return { row, orders };
};

/** Leans on the primary key. */
export const findChargeback = async (tx: Tx | Db, chargebackId: string): Promise<ChargebackRow> => {
  const [row] = await tx.select().from(chargeback).where(eq(chargeback.chargebackId, chargebackId));
  assert(row !== undefined, "what is worked on was recorded before");
  return row;
};

/** Leans on one_order_a_seller. */
const orderIdsOf = async (tx: Tx, checkoutId: string): Promise<string[]> => {
  const rows = await tx
    .select({ orderId: order.orderId })
    .from(order)
    .where(eq(order.checkoutId, checkoutId))
    .orderBy(asc(order.orderId));
  return rows.map(({ orderId }) => orderId);
};

/** The tender, in its turn, and what banks and refunds have made of it. Undefined where nothing was paid by that charge. */
export const potOf = async (
  tx: Tx,
  { chargebackId, checkoutId, chargeId, currency }: ChargebackRow,
): Promise<Pot | undefined> => {
  if (checkoutId === null) return undefined;
  const [by] = await tx.select().from(tender).where(eq(tender.checkoutId, checkoutId)).for("update");
  if (by === undefined || by.chargeId !== chargeId || by.currency !== currency) return undefined;
  const [left] = await tx
    .select({ minor: sql<string>`coalesce(sum(${giveBack.gatewayMinor}), 0)` })
    .from(giveBack)
    .where(and(eq(giveBack.checkoutId, checkoutId), eq(giveBack.state, "left_to_bank")));
  const [earlier] = await tx
    .select({
      lines: sql<string>`coalesce(sum(${chargeback.linesMinor}), 0)`,
      suspense: sql<string>`coalesce(sum(${chargeback.suspenseMinor}), 0)`,
    })
    .from(chargeback)
    .where(
      and(
        eq(chargeback.checkoutId, checkoutId),
        ne(chargeback.chargebackId, chargebackId),
        inArray(chargeback.status, ["open", "lost"]),
      ),
    );
  return {
    gatewayMinor: by.gatewayMinor,
    gatewayReturnedMinor: by.gatewayReturnedMinor,
    chargedBackMinor: by.chargedBackMinor,
    leftToBankMinor: Number(left?.minor ?? 0),
    earlierLinesMinor: Number(earlier?.lines ?? 0),
    earlierSuspenseMinor: Number(earlier?.suspense ?? 0),
  };
};

/** A bank's wish is opened on orders, or decided: their versions before it. */
export const countOpen = async (
  tx: Tx,
  orderIds: readonly string[],
  by: 1 | -1,
): Promise<Record<string, number>> => {
  const versions: Record<string, number> = {};
  for (const orderId of orderIds) {
    await tx
      .update(order)
      .set({ openChargebacks: sql`${order.openChargebacks} + ${by}` })
      .where(eq(order.orderId, orderId));
    versions[orderId] = (await countChange(tx, orderId)).before;
  }
  return versions;
};

/** What was taken, read off the movements: every repeat gives the same. Null where none was. */
export const takenOf = async (tx: Tx, chargebackId: string): Promise<Taken | null> => {
  const row = await findChargeback(tx, chargebackId);
  if (row.linesMinor === null || row.checkoutId === null) return null;
  const [by] = await tx.select().from(tender).where(eq(tender.checkoutId, row.checkoutId));
  assert(by !== undefined, "only what was paid is taken");
  const moves = await movesOf(tx, chargebackId);
  const ids = [...new Set(moves.map(({ orderId }) => orderId))].toSorted();
  const heads = ids.length === 0 ? [] : await tx.select().from(order).where(inArray(order.orderId, ids));
  const shares = heads
    .toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1))
    .map(({ orderId, sellerId, currency, sellerCurrency, sellerRate }) => ({
      orderId,
      sellerId,
      currency,
      sellerCurrency,
      sellerRate,
      before: row.taken?.versions[orderId] ?? 0,
      totals: totalsOf(moves.filter((move) => move.orderId === orderId)),
    }));
  return {
    gateway: row.gateway,
    checkoutId: row.checkoutId,
    buyerId: by.accountId,
    currency: row.currency,
    shares,
    suspenseMinor: row.suspenseMinor ?? 0,
  };
};

/** Writes the end down, and what it left to be done. Leans on the primary key. */
export const endChargeback = async (
  tx: Tx,
  chargebackId: string,
  ended: { ending: ChargebackEnding; owedMinor: number },
): Promise<void> => {
  await tx
    .update(chargeback)
    .set({ ...ended, dueAt: null, endedAt: sql`now()` })
    .where(eq(chargeback.chargebackId, chargebackId));
};
