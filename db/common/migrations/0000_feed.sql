CREATE SCHEMA "common";
--> statement-breakpoint
CREATE TABLE "common"."event" (
	"event_id" text PRIMARY KEY NOT NULL,
	"event_key" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"data" jsonb NOT NULL,
	"written_in" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "common"."event_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"happened_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "event_key_is_taken" UNIQUE("event_key")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "event_in_order" ON "common"."event" USING btree ("written_in","position");