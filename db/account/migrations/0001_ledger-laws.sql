-- The laws of the ledger that no constraint can say.

-- All lines of an entry come in one statement, add up to zero in each currency, and are as many as the entry says.
-- Later lines are refused too: their positions would have to be taken ones.
CREATE FUNCTION "account"."refuse_unbalanced_lines"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text;
BEGIN
  SELECT added.entry_id INTO wrong FROM added
  GROUP BY added.entry_id, added.currency HAVING sum(added.minor) <> 0
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'the lines of entry % do not add up to zero', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_unbalanced';
  END IF;

  SELECT whole.entry_id INTO wrong
  FROM (
    SELECT added.entry_id, count(*) AS line_count, min(added.position) AS lowest, max(added.position) AS highest
    FROM added GROUP BY added.entry_id
  ) AS whole
  JOIN "account"."entry" ON entry.entry_id = whole.entry_id
  WHERE whole.line_count <> entry.line_count OR whole.lowest <> 0 OR whole.highest <> entry.line_count - 1
  LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'these are not all lines of entry %', wrong
      USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_incomplete';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "entry_line_unbalanced" AFTER INSERT ON "account"."entry_line"
  REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION "account"."refuse_unbalanced_lines"();
--> statement-breakpoint
CREATE FUNCTION "account"."refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on %: the ledger is corrected by another entry', lower(TG_OP), TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_append_only';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "entry_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "account"."entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "account"."refuse_change"();
--> statement-breakpoint
CREATE TRIGGER "entry_line_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "account"."entry_line"
  FOR EACH STATEMENT EXECUTE FUNCTION "account"."refuse_change"();
--> statement-breakpoint
-- A balance moves, but an account that was ever guarded stays so.
CREATE TRIGGER "balance_stays" BEFORE DELETE OR TRUNCATE ON "account"."balance"
  FOR EACH STATEMENT EXECUTE FUNCTION "account"."refuse_change"();
