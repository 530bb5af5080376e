import { inArray } from "drizzle-orm";
import type { OrderView } from "@shopnexus/contracts/order/order";
import { instant } from "@shopnexus/contracts/kit/time";
import type { Db } from "#db/_kit/database.ts";
import { checkout, checkoutLine, type order } from "#db/order/tables.ts";
import { assert } from "#modules/_kit/assert.ts";
import { lineView } from "./rows.ts";

type OrderRow = typeof order.$inferSelect;

/** Orders with their lines and address, in the order given: two statements however many. Leans on one_line_a_sku. */
export const orderViews = async (db: Db, rows: readonly OrderRow[]): Promise<OrderView[]> => {
  if (rows.length === 0) return [];
  const checkoutIds = [...new Set(rows.map(({ checkoutId }) => checkoutId))];
  const [lines, checkouts] = await Promise.all([
    db.select().from(checkoutLine).where(inArray(checkoutLine.checkoutId, checkoutIds)).orderBy(checkoutLine.position),
    db.select({ checkoutId: checkout.checkoutId, address: checkout.address }).from(checkout).where(inArray(checkout.checkoutId, checkoutIds)),
  ]);
  return rows.map((row) => {
    const address = checkouts.find(({ checkoutId }) => checkoutId === row.checkoutId)?.address;
    assert(address, "a placed checkout has an address");
    const own = lines.filter(({ checkoutId, sellerId }) => checkoutId === row.checkoutId && sellerId === row.sellerId);
    return {
      orderId: row.orderId,
      checkoutId: row.checkoutId,
      buyerId: row.buyerId,
      sellerId: row.sellerId,
      state: row.state,
      total: { minor: row.totalMinor, currency: row.currency },
      address,
      lines: own.map((line) => lineView(line, row.currency)),
      placedAt: instant(row.placedAt.getTime()),
    };
  });
};
