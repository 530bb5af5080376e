INSERT INTO "promotion"."promotion_target" ("promotion_id", "key", "is_automatic", "ends_at")
SELECT "promotion_id", coalesce('seller:' || "seller_id", 'all'), "code" IS NULL, "ends_at" FROM "promotion"."promotion";
--> statement-breakpoint
UPDATE "promotion"."promotion" p SET "uses_held" = u."held", "uses_redeemed" = u."redeemed"
FROM (
  SELECT s."promotion_id", count(*) FILTER (WHERE h."state" IN ('held', 'restored')) AS "held",
    count(*) FILTER (WHERE h."state" = 'redeemed') AS "redeemed"
  FROM "promotion"."promotion_hold_share" s JOIN "promotion"."promotion_hold" h USING ("promotion_hold_id")
  GROUP BY s."promotion_id"
) u WHERE u."promotion_id" = p."promotion_id";
