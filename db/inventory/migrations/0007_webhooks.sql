CREATE TABLE "inventory"."hook" (
	"purchase_id" text NOT NULL,
	"event" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"attempt_limit" integer NOT NULL,
	"reason" text,
	"next_at" timestamp with time zone DEFAULT now() NOT NULL,
	"claimed_until" timestamp with time zone,
	"queued_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hook_once_an_event" PRIMARY KEY("purchase_id","event"),
	CONSTRAINT "hook_event_known" CHECK ("inventory"."hook"."event" in ('sent', 'cancelled')),
	CONSTRAINT "hook_state_known" CHECK ("inventory"."hook"."state" in ('queued', 'delivered', 'failed', 'dropped')),
	CONSTRAINT "hook_attempts_never_below_zero" CHECK ("inventory"."hook"."attempts" >= 0),
	CONSTRAINT "hook_fails_for_a_reason" CHECK ("inventory"."hook"."state" <> 'failed' or "inventory"."hook"."reason" is not null)
);
--> statement-breakpoint
ALTER TABLE "inventory"."purchase" ADD COLUMN "channel" text DEFAULT 'mail' NOT NULL;--> statement-breakpoint
ALTER TABLE "inventory"."supplier" ADD COLUMN "channel" text DEFAULT 'mail' NOT NULL;--> statement-breakpoint
ALTER TABLE "inventory"."supplier" ADD COLUMN "webhook_url" text;--> statement-breakpoint
ALTER TABLE "inventory"."supplier" ADD COLUMN "webhook_secret" text;--> statement-breakpoint
ALTER TABLE "inventory"."hook" ADD CONSTRAINT "hook_of_an_order" FOREIGN KEY ("purchase_id") REFERENCES "inventory"."purchase"("purchase_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."purchase" ADD CONSTRAINT "purchase_channel_known" CHECK ("inventory"."purchase"."channel" in ('mail', 'webhook'));--> statement-breakpoint
ALTER TABLE "inventory"."supplier" ADD CONSTRAINT "supplier_channel_known" CHECK ("inventory"."supplier"."channel" in ('mail', 'webhook'));--> statement-breakpoint
ALTER TABLE "inventory"."supplier" ADD CONSTRAINT "supplier_webhook_whole_or_none" CHECK (("inventory"."supplier"."channel" = 'webhook') = ("inventory"."supplier"."webhook_url" is not null)
        and ("inventory"."supplier"."channel" = 'webhook') = ("inventory"."supplier"."webhook_secret" is not null));