CREATE TABLE "order"."finding" (
	"finding_key" text PRIMARY KEY NOT NULL,
	"gateway" text NOT NULL,
	"kind" text NOT NULL,
	"gateway_ref" text NOT NULL,
	"charge_id" text,
	"amount_minor" bigint,
	"currency" char(3),
	"says" text NOT NULL,
	"found_at" timestamp with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "finding_kind_known" CHECK ("order"."finding"."kind" in ('stranger', 'amount_differs', 'charge_missing', 'refund_stranger', 'refund_differs', 'refund_missing', 'dispute_unheard'))
);
--> statement-breakpoint
CREATE TABLE "order"."reconciliation" (
	"gateway" text PRIMARY KEY NOT NULL,
	"covered_until" timestamp with time zone NOT NULL,
	"ran_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "order"."charge" DROP CONSTRAINT "charge_state_known";--> statement-breakpoint
DROP INDEX "order"."charge_of_checkout";--> statement-breakpoint
ALTER TABLE "order"."charge" ADD COLUMN "attempt" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."charge" ADD COLUMN "redirect_url" text;--> statement-breakpoint
ALTER TABLE "order"."charge" ADD COLUMN "authorized_minor" bigint;--> statement-breakpoint
ALTER TABLE "order"."charge" ADD COLUMN "authorized_currency" char(3);--> statement-breakpoint
ALTER TABLE "order"."checkout" ADD COLUMN "wallet_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "findings_newest" ON "order"."finding" USING btree ("found_at","finding_key");--> statement-breakpoint
CREATE UNIQUE INDEX "one_charge_an_attempt" ON "order"."charge" USING btree ("checkout_id","attempt");--> statement-breakpoint
CREATE INDEX "charges_unended" ON "order"."charge" USING btree ("state","created_at");--> statement-breakpoint
ALTER TABLE "order"."charge" ADD CONSTRAINT "charge_attempt_from_zero" CHECK ("order"."charge"."attempt" >= 0);--> statement-breakpoint
ALTER TABLE "order"."charge" ADD CONSTRAINT "charge_state_known" CHECK ("order"."charge"."state" in ('opening', 'open', 'authorized', 'paid', 'settled', 'voiding', 'voided'));--> statement-breakpoint
ALTER TABLE "order"."checkout" ADD CONSTRAINT "wallet_part_at_most_total" CHECK ("order"."checkout"."wallet_minor" >= 0 and "order"."checkout"."wallet_minor" <= coalesce("order"."checkout"."total_minor", 0));