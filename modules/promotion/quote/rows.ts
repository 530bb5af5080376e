/** The promotions that a basket may meet. Reads only: what is left of them is settled when it is held. */
import { and, asc, eq, gt, inArray, isNull, lte, or, sql } from "drizzle-orm";
import { money } from "@shopnexus/contracts/kit/money";
import type { Db } from "#db/_kit/database.ts";
import { coupon } from "#db/promotion/coupons.ts";
import { promotion, promotionAccount, promotionTarget } from "#db/promotion/tables.ts";
import { isOn } from "../_kit/calendar/cron.ts";
import { type Basket, keysOf, type Running } from "../_kit/promotions.ts";
import { areUsesSpent, discountOf, type PromotionRow } from "../_kit/reading.ts";

/** The most automatic promotions that one basket looks at, in their order: a price must not cost without bound. */
export const AUTOMATIC_COUNT_MAX = 200;

/** Everything that this basket may meet, each promotion once. */
export const findRunning = async (db: Db, basket: Basket): Promise<Running[]> => {
  const [ofCodes, ofCoupons, automatic] = await Promise.all([
    findByCodes(db, basket),
    findByCoupons(db, basket),
    findAutomatic(db, basket),
  ]);
  const brought = [
    ...ofCodes.map((found) => ({ ...found, code: found.row.code, isCoupon: false, isUsedUp: false })),
    ...ofCoupons.map(({ isFree, ...found }) => ({ ...found, isCoupon: true, isUsedUp: !isFree })),
    ...automatic.map((found) => ({ ...found, code: null, isCoupon: false, isUsedUp: false })),
  ].filter(({ row }) => row.schedule === null || isOn(row.schedule, basket.at));
  // Two coupons of one promotion: the better of them counts, and the other changes nothing.
  const first = [...Map.groupBy(brought, ({ row }) => row.promotionId).values()].flatMap((same) => {
    const best = same.toSorted((a, b) => Number(a.isUsedUp) - Number(b.isUsedUp))[0];
    return best === undefined ? [] : [{ ...best, codes: same.flatMap(({ code }) => code ?? []) }];
  });
  const used = await findUsedUp(db, basket, first);
  return first.map(({ row, targets, codes, ...how }) => ({
    ...runningOf(row, targets),
    ...how,
    codes,
    isUsedUp: how.isUsedUp || areUsesSpent(row) || used.has(row.promotionId),
  }));
};

type Found = { readonly row: PromotionRow; readonly targets: string[] };

/** A promotion and all that it is aimed at, in one round trip. Leans on the primary key of promotion_target. */
const FOUND = {
  row: promotion,
  targets: sql<string[]>`array(select t.key from promotion.promotion_target t
    where t.promotion_id = "promotion"."promotion"."promotion_id" order by t.key)`,
};

/** Those of the codes given. Leans on promotion_code_is_taken. */
const findByCodes = async (db: Db, basket: Basket): Promise<Found[]> =>
  basket.codes.length === 0
    ? []
    : db
        .select(FOUND)
        .from(promotion)
        .where(and(inArray(promotion.code, basket.codes), runs(basket)));

/** Those that a coupon of this account's, or of nobody's, brings. Leans on coupon_pkey. */
const findByCoupons = async (db: Db, basket: Basket) => {
  const { codes, accountId } = basket;
  if (codes.length === 0) return [];
  const isMine = accountId === undefined ? undefined : eq(coupon.accountId, accountId);
  return db
    .select({ ...FOUND, code: coupon.code, isFree: sql<boolean>`${coupon.state} = 'free'` })
    .from(coupon)
    .innerJoin(promotion, eq(promotion.promotionId, coupon.promotionId))
    .where(and(inArray(coupon.code, codes), or(isNull(coupon.accountId), isMine), runs(basket)))
    .orderBy(asc(coupon.code));
};

/** Those that apply of themselves to these lines and have something left. Leans on promotion_target_automatic. */
const findAutomatic = async (db: Db, basket: Basket): Promise<Found[]> => {
  const sellerIds = [...new Set(basket.lines.map(({ sellerId }) => sellerId))];
  const keys = [...new Set(basket.lines.flatMap(keysOf))];
  const aimed = db
    .select({ promotionId: promotionTarget.promotionId })
    .from(promotionTarget)
    .where(
      and(
        inArray(promotionTarget.key, keys),
        gt(promotionTarget.endsAt, new Date(basket.at)),
        sql`${promotionTarget.isAutomatic}`,
      ),
    );
  return db
    .select(FOUND)
    .from(promotion)
    .where(
      and(
        inArray(promotion.promotionId, aimed),
        or(isNull(promotion.sellerId), inArray(promotion.sellerId, sellerIds)),
        runs(basket),
        sql`${promotion.heldMinor} + ${promotion.redeemedMinor} < ${promotion.budgetMinor}`,
      ),
    )
    .orderBy(asc(promotion.priority), asc(promotion.promotionId))
    .limit(AUTOMATIC_COUNT_MAX);
};

/** From its start up to, and not at, its end. */
const runs = ({ at, currency }: Basket) =>
  and(
    lte(promotion.startsAt, new Date(at)),
    gt(promotion.endsAt, new Date(at)),
    eq(promotion.currency, currency),
  );

type Brought = ReadonlyArray<{ readonly row: PromotionRow }>;

/** Which of them the account has used as often as it may. Leans on promotion_account_is_there_twice, its key. */
const findUsedUp = async (db: Db, { accountId }: Basket, brought: Brought): Promise<Set<string>> => {
  const ids = brought.flatMap(({ row }) => (row.accountUsesMax === null ? [] : [row.promotionId]));
  if (accountId === undefined || ids.length === 0) return new Set();
  const rows = await db
    .select({ promotionId: promotionAccount.promotionId })
    .from(promotionAccount)
    .where(
      and(
        inArray(promotionAccount.promotionId, ids),
        eq(promotionAccount.accountId, accountId),
        sql`${promotionAccount.usesHeld} + ${promotionAccount.usesRedeemed} >= ${promotionAccount.usesMax}`,
      ),
    );
  return new Set(rows.map(({ promotionId }) => promotionId));
};

const runningOf = (row: PromotionRow, targets: readonly string[]) => ({
  promotionId: row.promotionId,
  sellerId: row.sellerId,
  name: row.name,
  discount: discountOf(row),
  gives: row.gives,
  level: row.level,
  paidBy: row.paidBy,
  minimumMinor: row.minimumMinor ?? 0,
  capMinor: row.capMinor,
  targets,
  group: row.groupName,
  isExclusive: row.isExclusive,
  priority: row.priority,
  left: money(row.budgetMinor - row.heldMinor - row.redeemedMinor, row.currency),
});
