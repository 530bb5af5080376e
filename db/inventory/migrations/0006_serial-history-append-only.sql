CREATE FUNCTION "inventory"."refuse_serial_event_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'what became of a piece is append only' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'serial_event_append_only';
END
$$;
--> statement-breakpoint
CREATE TRIGGER "serial_event_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "inventory"."serial_event"
	FOR EACH STATEMENT EXECUTE FUNCTION "inventory"."refuse_serial_event_change"();
