CREATE TABLE "order"."bank_account" (
	"account_id" text NOT NULL,
	"currency" char(3) NOT NULL,
	"version" integer NOT NULL,
	"holder" text NOT NULL,
	"destination" text NOT NULL,
	"last4" text NOT NULL,
	"put_by" text NOT NULL,
	"put_by_call" text NOT NULL,
	"put_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bank_account_numbered_twice" PRIMARY KEY("account_id","currency","version")
);
--> statement-breakpoint
CREATE TABLE "order"."payout" (
	"payout_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"request_key" text NOT NULL,
	"is_scheduled" boolean NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"provider" text NOT NULL,
	"destination" text NOT NULL,
	"holder" text NOT NULL,
	"last4" text NOT NULL,
	"state" text DEFAULT 'requested' NOT NULL,
	"needs_approval" boolean NOT NULL,
	"decision" text,
	"note" text,
	"decided_by" text,
	"decided_by_call" text,
	"is_escalated" boolean DEFAULT false NOT NULL,
	"refused" jsonb,
	"send_count" integer DEFAULT 0 NOT NULL,
	"transfer_ref" text,
	"returned_minor" bigint DEFAULT 0 NOT NULL,
	"requested_at" timestamp with time zone DEFAULT now() NOT NULL,
	"due_at" timestamp with time zone,
	"decided_at" timestamp with time zone,
	"sent_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "payout_state_unknown" CHECK ("order"."payout"."state" in ('requested', 'awaiting_approval', 'suspended', 'cleared', 'sending', 'sent', 'reversed', 'refused', 'denied', 'cancelled', 'failed')),
	CONSTRAINT "payout_decision_unknown" CHECK ("order"."payout"."decision" in ('approved', 'denied', 'cancelled', 'expired')),
	CONSTRAINT "payout_of_nothing" CHECK ("order"."payout"."amount_minor" > 0),
	CONSTRAINT "payout_decided_by_nobody" CHECK (num_nulls("order"."payout"."decision", "order"."payout"."decided_at") in (0, 2)),
	CONSTRAINT "payout_large_and_unapproved" CHECK (not "order"."payout"."needs_approval" or coalesce("order"."payout"."decision" = 'approved', false) or "order"."payout"."state" in ('requested', 'awaiting_approval', 'suspended', 'refused', 'denied', 'cancelled', 'failed')),
	CONSTRAINT "payout_sent_without_transfer" CHECK (("order"."payout"."state" in ('sent', 'reversed')) = ("order"."payout"."transfer_ref" is not null)),
	CONSTRAINT "payout_returned_more_than_sent" CHECK ("order"."payout"."returned_minor" between 0 and "order"."payout"."amount_minor"),
	CONSTRAINT "payout_reversed_in_part" CHECK (("order"."payout"."state" = 'reversed') = ("order"."payout"."returned_minor" = "order"."payout"."amount_minor"))
);
--> statement-breakpoint
CREATE TABLE "order"."payout_return" (
	"payout_id" text NOT NULL,
	"upto_minor" bigint NOT NULL,
	"minor" bigint NOT NULL,
	"found_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payout_returned_twice" PRIMARY KEY("payout_id","upto_minor"),
	CONSTRAINT "payout_return_of_nothing" CHECK ("order"."payout_return"."minor" between 1 and "order"."payout_return"."upto_minor")
);
--> statement-breakpoint
CREATE TABLE "order"."payout_schedule" (
	"account_id" text PRIMARY KEY NOT NULL,
	"every" text NOT NULL,
	"day" integer,
	"next_at" timestamp with time zone,
	"claimed_by_call" text,
	"claimed_for" timestamp with time zone,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "payout_schedule_unknown" CHECK ("order"."payout_schedule"."every" in ('manual', 'daily', 'weekly', 'monthly')),
	CONSTRAINT "payout_schedule_without_time" CHECK (("order"."payout_schedule"."every" = 'manual') = ("order"."payout_schedule"."next_at" is null)),
	CONSTRAINT "payout_schedule_day_wrong" CHECK (case "order"."payout_schedule"."every" when 'weekly' then coalesce("order"."payout_schedule"."day" between 1 and 7, false) when 'monthly' then coalesce("order"."payout_schedule"."day" between 1 and 28, false) else "order"."payout_schedule"."day" is null end)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "bank_account_put_twice_by_one_call" ON "order"."bank_account" USING btree ("put_by_call");--> statement-breakpoint
CREATE INDEX "bank_account_of_account" ON "order"."bank_account" USING btree ("account_id","put_at");--> statement-breakpoint
CREATE INDEX "payouts_of_account" ON "order"."payout" USING btree ("account_id","requested_at","payout_id");--> statement-breakpoint
CREATE INDEX "payouts_by_state" ON "order"."payout" USING btree ("state","requested_at","payout_id");--> statement-breakpoint
CREATE INDEX "payouts_by_time" ON "order"."payout" USING btree ("requested_at","payout_id");--> statement-breakpoint
CREATE UNIQUE INDEX "payout_transfer_twice" ON "order"."payout" USING btree ("transfer_ref");--> statement-breakpoint
CREATE INDEX "payout_schedule_due" ON "order"."payout_schedule" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "payout_schedule_claimed" ON "order"."payout_schedule" USING btree ("claimed_by_call");