-- Statements of what was posted before there were any, in the order of posting.
INSERT INTO "account"."statement_line" (account, currency, entry_id, minor, balance_after)
SELECT account, currency, entry_id, minor,
  sum(minor) OVER (PARTITION BY account, currency ORDER BY posted_at, entry_id)
FROM (
  SELECT line.account, line.currency, line.entry_id, entry.posted_at, sum(line.minor) AS minor
  FROM "account"."entry_line" AS line JOIN "account"."entry" USING (entry_id)
  WHERE line.account LIKE 'wallet:%'
  GROUP BY line.account, line.currency, line.entry_id, entry.posted_at
) AS moved
ORDER BY posted_at, entry_id, account, currency;
--> statement-breakpoint
CREATE TRIGGER "statement_line_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "account"."statement_line"
  FOR EACH STATEMENT EXECUTE FUNCTION "account"."refuse_change"();
--> statement-breakpoint
-- A hold ends, but is never forgotten: its end is what makes a late repeat refuse.
CREATE TRIGGER "wallet_hold_stays" BEFORE DELETE OR TRUNCATE ON "account"."wallet_hold"
  FOR EACH STATEMENT EXECUTE FUNCTION "account"."refuse_change"();
