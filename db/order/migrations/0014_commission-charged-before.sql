-- What stands of the commission of lines that moved before it was kept with them. Rounding may have given back one minor unit more.
UPDATE "order"."checkout_line" line
SET "charged_minor" = greatest(0, least(line."commission_minor", taken."minor"))
FROM (
  SELECT "line_id", sum(CASE WHEN "kind" = 'release' THEN "commission_minor" ELSE -"commission_minor" END) AS "minor"
  FROM "order"."line_money" GROUP BY "line_id"
) taken
WHERE taken."line_id" = line."line_id" AND taken."minor" <> 0;
