CREATE FUNCTION "inventory"."refuse_movement_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'movements are append only: book another one' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'movement_append_only';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "movement_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "inventory"."movement"
	FOR EACH STATEMENT EXECUTE FUNCTION "inventory"."refuse_movement_change"();
