/** The promotions that a basket may meet. Reads only: what is left of a budget is settled when it is held. */
import { and, asc, eq, gt, inArray, isNull, lte, or, sql } from "drizzle-orm";
import { money } from "@shopnexus/contracts/kit/money";
import type { Db, Tx } from "#db/_kit/database.ts";
import { promotion } from "#db/promotion/tables.ts";
import { discountOf, type PromotionRow } from "../promotion/rules.ts";
import type { Basket, Running } from "./rules.ts";

/** The most automatic promotions that one basket looks at, in their order: a price must not cost without bound. */
export const AUTOMATIC_COUNT_MAX = 100;

/** Those of the codes given. Leans on promotion_code_is_taken. */
export const findByCodes = async (tx: Tx | Db, basket: Basket): Promise<Running[]> => {
  if (basket.codes.length === 0) return [];
  const rows = await tx
    .select()
    .from(promotion)
    .where(and(inArray(promotion.code, basket.codes), runs(basket)));
  return rows.map(runningOf);
};

/** Those that apply of themselves to these sellers' lines and have something left. Leans on promotion_automatic. */
export const findAutomatic = async (tx: Tx | Db, basket: Basket): Promise<Running[]> => {
  const sellerIds = [...new Set(basket.lines.map(({ sellerId }) => sellerId))];
  const rows = await tx
    .select()
    .from(promotion)
    .where(
      and(
        isNull(promotion.code),
        or(isNull(promotion.sellerId), inArray(promotion.sellerId, sellerIds)),
        runs(basket),
        sql`${promotion.heldMinor} + ${promotion.redeemedMinor} < ${promotion.budgetMinor}`,
      ),
    )
    .orderBy(asc(promotion.priority), asc(promotion.promotionId))
    .limit(AUTOMATIC_COUNT_MAX);
  return rows.map(runningOf);
};

/** From its start up to, and not at, its end. */
const runs = ({ at, currency }: Basket) =>
  and(
    lte(promotion.startsAt, new Date(at)),
    gt(promotion.endsAt, new Date(at)),
    eq(promotion.currency, currency),
  );

const runningOf = (row: PromotionRow): Running => ({
  promotionId: row.promotionId,
  sellerId: row.sellerId,
  name: row.name,
  code: row.code,
  discount: discountOf(row),
  priority: row.priority,
  left: money(row.budgetMinor - row.heldMinor - row.redeemedMinor, row.currency),
});
