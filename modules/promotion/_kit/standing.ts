/** Promotions as they stand, and whose they are: a seller's are the seller's own, the platform's every operator's. */
import { asc, eq, isNull, or } from "drizzle-orm";
import type { Db, Tx } from "#db/_kit/database.ts";
import { promotion, promotionTarget } from "#db/promotion/tables.ts";
import type { AccountPrincipal } from "#modules/_kit/principal.ts";
import type { PromotionRow } from "./reading.ts";

/** Leans on promotion_pkey. */
export const findPromotion = async (tx: Tx | Db, promotionId: string): Promise<PromotionRow | undefined> => {
  const [row] = await tx.select().from(promotion).where(eq(promotion.promotionId, promotionId));
  return row;
};

/** Its keys, in order. Leans on promotion_target_is_there_twice, the primary key. */
export const findTargets = async (tx: Tx | Db, promotionId: string): Promise<string[]> => {
  const rows = await tx
    .select({ key: promotionTarget.key })
    .from(promotionTarget)
    .where(eq(promotionTarget.promotionId, promotionId))
    .orderBy(asc(promotionTarget.key));
  return rows.map(({ key }) => key);
};

/** Null: the platform's; undefined: there is none. */
export const isOwned = (owner: string | null | undefined, { accountId, roles }: AccountPrincipal): boolean =>
  owner === null ? roles.includes("operator") : owner === accountId;

/** The same, where a statement decides. */
export const ownedBy = ({ accountId, roles }: AccountPrincipal) =>
  or(eq(promotion.sellerId, accountId), roles.includes("operator") ? isNull(promotion.sellerId) : undefined);

/** The promotion, if it is the account's. Leans on promotion_pkey. */
export const findOwned = async (
  tx: Tx | Db,
  promotionId: string,
  account: AccountPrincipal,
): Promise<PromotionRow | undefined> => {
  const row = await findPromotion(tx, promotionId);
  return row !== undefined && isOwned(row.sellerId, account) ? row : undefined;
};
