/** Batches of coupons. The secret of a batch is drawn by the database, once; its codes are hashes of it and their number. */
import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Db, Tx } from "#db/_kit/database.ts";
import { coupon, couponBatch } from "#db/promotion/coupons.ts";
import { promotion } from "#db/promotion/tables.ts";

export type BatchRow = Omit<typeof couponBatch.$inferInsert, "secret">;
export type BatchKey = Pick<BatchRow, "promotionId" | "batch">;

/** Whose promotion it is, null for the platform's; undefined when there is none. Leans on promotion_pkey. */
export const findOwner = async (db: Db, promotionId: string): Promise<string | null | undefined> => {
  const [row] = await db
    .select({ sellerId: promotion.sellerId })
    .from(promotion)
    .where(eq(promotion.promotionId, promotionId));
  return row?.sellerId;
};

/** Whether it was made now; another call with its name waits for the end of this one. Leans on its primary key. */
export const insertBatch = async (tx: Tx, row: BatchRow): Promise<boolean> => {
  const made = await tx
    .insert(couponBatch)
    .values({ ...row, secret: sql`gen_random_uuid()::text || gen_random_uuid()::text` })
    .onConflictDoNothing()
    .returning({ batch: couponBatch.batch });
  return made.length === 1;
};

/** Leans on coupon_batch_is_there_twice, the primary key. */
export const findBatch = async (tx: Tx, { promotionId, batch }: BatchKey) => {
  const [row] = await tx
    .select()
    .from(couponBatch)
    .where(and(eq(couponBatch.promotionId, promotionId), eq(couponBatch.batch, batch)));
  return row;
};

/** All codes of a batch in one statement; `accountIds` in the order of their numbers, where they are for somebody. */
export const insertCoupons = async (
  tx: Tx,
  { promotionId, batch }: BatchKey,
  accountIds: readonly string[],
): Promise<void> => {
  await tx.execute(sql`
    insert into promotion.coupon (code, promotion_id, batch, account_id)
    select b.prefix || '-' || upper(left(encode(sha256(convert_to(b.secret || '/' || n, 'UTF8')), 'hex'), 20)),
      b.promotion_id, b.batch, (${sql.param(JSON.stringify(accountIds))}::jsonb ->> (n - 1))
    from promotion.coupon_batch b, generate_series(1, b.coupon_count) n
    where b.promotion_id = ${promotionId} and b.batch = ${batch}`);
};

type Page = BatchKey & { readonly after: string | undefined; readonly limit: number };

/** One more than the limit, so that the last page is known. Leans on coupon_of_batch. */
export const findCoupons = async (db: Db, { promotionId, batch, after, limit }: Page) =>
  db
    .select({ code: coupon.code, accountId: coupon.accountId, state: coupon.state })
    .from(coupon)
    .where(
      and(
        eq(coupon.promotionId, promotionId),
        eq(coupon.batch, batch),
        after === undefined ? undefined : gt(coupon.code, after),
      ),
    )
    .orderBy(asc(coupon.code))
    .limit(limit + 1);
