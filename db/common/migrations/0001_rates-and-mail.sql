CREATE TABLE "common"."mail" (
	"message_key" text PRIMARY KEY NOT NULL,
	"message_id" text NOT NULL,
	"recipient" text NOT NULL,
	"recipient_name" text,
	"template" text NOT NULL,
	"facts" jsonb NOT NULL,
	"state" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"claimed_until" timestamp with time zone,
	"reason" text,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "common"."mail_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	CONSTRAINT "mail_message_id_once" UNIQUE("message_id"),
	CONSTRAINT "mail_state_known" CHECK ("common"."mail"."state" in ('queued', 'sent', 'refused', 'skipped')),
	CONSTRAINT "mail_sent_has_time" CHECK (("common"."mail"."state" = 'sent') = ("common"."mail"."sent_at" is not null)),
	CONSTRAINT "mail_attempts_never_below_zero" CHECK ("common"."mail"."attempts" >= 0)
);
--> statement-breakpoint
CREATE TABLE "common"."rate" (
	"base" char(3) NOT NULL,
	"currency" char(3) NOT NULL,
	"rate" numeric(24, 12) NOT NULL,
	"taken_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rate_once_a_pair" PRIMARY KEY("base","currency"),
	CONSTRAINT "rate_above_zero" CHECK ("common"."rate"."rate" > 0),
	CONSTRAINT "rate_between_two" CHECK ("common"."rate"."base" <> "common"."rate"."currency")
);
--> statement-breakpoint
CREATE INDEX "mail_newest" ON "common"."mail" USING btree ("position");--> statement-breakpoint
CREATE INDEX "mail_newest_of_state" ON "common"."mail" USING btree ("state","position");