import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Campaign } from "@shopnexus/contracts/promotion/campaign";
import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "#db/_kit/database.ts";
import { promotion } from "#db/promotion/tables.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { viewOf } from "../_kit/reading.ts";
import { findPromotion } from "../_kit/standing.ts";

export const list: Step<typeof Campaign, "list"> = async (input, { db, who }) => {
  const { of = "me", after, limit = PAGE_LIMIT } = input;
  const { accountId, roles } = accountOf(who);
  if (of === "platform" && !roles.includes("operator"))
    throw refuse(CommonRefusals.FORBIDDEN, { needs: "operator" });
  const sellerId = of === "platform" ? null : accountId;
  if (after !== undefined && (await findPromotion(db, after))?.sellerId !== sellerId)
    throw refuse(CommonRefusals.INVALID_INPUT, { issues: [NOT_OURS] });
  const rows = await listPromotions(db, { sellerId, after, limit });
  const { items, next } = cutPage(rows, limit, ({ row }) => row.promotionId);
  return { items: items.map(({ row, keys }) => viewOf(row, keys)), ...(next !== undefined && { next }) };
};
const NOT_OURS = { path: "/after", says: "must be the `next` of a page of these promotions" };

type Ask = {
  readonly sellerId: string | null;
  readonly after: string | undefined;
  readonly limit: number;
};

/** One more than the limit. Where the cursor stands the database knows best: a time read here has lost its microseconds. */
const listPromotions = (db: Db, { sellerId, after, limit }: Ask) =>
  db
    .select({
      row: promotion,
      keys: sql<string[]>`array(select t.key from promotion.promotion_target t
        where t.promotion_id = "promotion"."promotion"."promotion_id" order by t.key)`,
    })
    .from(promotion)
    .where(
      and(
        sellerId === null ? isNull(promotion.sellerId) : eq(promotion.sellerId, sellerId),
        after === undefined
          ? undefined
          : sql`(${promotion.createdAt}, ${promotion.promotionId}) < (select a.created_at, a.promotion_id
              from promotion.promotion a where a.promotion_id = ${after})`,
      ),
    )
    // Leans on promotion_of_owner.
    .orderBy(desc(promotion.createdAt), desc(promotion.promotionId))
    .limit(limit + 1);
