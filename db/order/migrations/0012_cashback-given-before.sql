-- What releases gave buyers before it was written down with them: in proportion to what each released, rounded down.
UPDATE "order"."line_money" moved
SET "rewarded_minor" = trunc(line."cashback_minor"::numeric * moved."released_minor" / line."total_minor")
FROM "order"."checkout_line" line
WHERE line."line_id" = moved."line_id" AND moved."kind" = 'release' AND line."cashback_minor" > 0;--> statement-breakpoint
UPDATE "order"."checkout_line" line
SET "rewarded_minor" = given."minor"
FROM (SELECT "line_id", sum("rewarded_minor") AS "minor" FROM "order"."line_money" GROUP BY "line_id") given
WHERE given."line_id" = line."line_id" AND given."minor" > 0;
