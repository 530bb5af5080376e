CREATE TABLE "order"."chargeback" (
	"chargeback_id" text PRIMARY KEY NOT NULL,
	"gateway" text NOT NULL,
	"dispute_ref" text NOT NULL,
	"charge_id" text NOT NULL,
	"checkout_id" text,
	"amount_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"status" text NOT NULL,
	"reason" text NOT NULL,
	"lines_minor" bigint,
	"suspense_minor" bigint,
	"tender_minor" bigint,
	"is_applied" boolean DEFAULT false NOT NULL,
	"owed_minor" bigint DEFAULT 0 NOT NULL,
	"call_key" text NOT NULL,
	"due_at" timestamp with time zone,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "one_chargeback_a_reference" UNIQUE("gateway","dispute_ref"),
	CONSTRAINT "chargeback_status_known" CHECK ("order"."chargeback"."status" in ('open', 'won', 'lost')),
	CONSTRAINT "chargeback_amount_not_negative" CHECK ("order"."chargeback"."amount_minor" >= 0),
	CONSTRAINT "chargeback_taken_adds_up" CHECK ("order"."chargeback"."lines_minor" is null or ("order"."chargeback"."lines_minor" >= 0 and "order"."chargeback"."suspense_minor" >= 0 and "order"."chargeback"."lines_minor" + "order"."chargeback"."suspense_minor" = "order"."chargeback"."amount_minor"))
);
--> statement-breakpoint
CREATE TABLE "order"."claim" (
	"refund_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"checkout_id" text NOT NULL,
	"buyer_id" text NOT NULL,
	"seller_id" text NOT NULL,
	"claim_key" text NOT NULL,
	"body_hash" text NOT NULL,
	"reason" text NOT NULL,
	"says" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"currency" char(3) NOT NULL,
	"asked_minor" bigint NOT NULL,
	"paid_minor" bigint,
	"share_minor" bigint NOT NULL,
	"share_currency" char(3) NOT NULL,
	"state" text NOT NULL,
	"version" integer NOT NULL,
	"shipment_id" text,
	"is_sellable" boolean,
	"due_at" timestamp with time zone,
	"escalated_at" timestamp with time zone,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "one_claim_a_key" UNIQUE("order_id","buyer_id","claim_key"),
	CONSTRAINT "claim_state_known" CHECK ("order"."claim"."state" in ('requested', 'returning', 'in_transit', 'returned', 'disputed', 'accepted', 'paying', 'settled', 'withdrawn', 'closed', 'denied', 'voided')),
	CONSTRAINT "claim_reason_known" CHECK ("order"."claim"."reason" in ('damaged', 'wrong', 'missing', 'not_as_described', 'not_received', 'changed_mind')),
	CONSTRAINT "claim_paid_at_most_asked" CHECK ("order"."claim"."paid_minor" between 0 and "order"."claim"."asked_minor"),
	CONSTRAINT "claim_share_not_negative" CHECK ("order"."claim"."share_minor" >= 0),
	CONSTRAINT "claim_paid_when_money_moved" CHECK (("order"."claim"."state" in ('paying', 'settled')) = ("order"."claim"."paid_minor" is not null))
);
--> statement-breakpoint
CREATE TABLE "order"."claim_event" (
	"refund_id" text NOT NULL,
	"version" integer NOT NULL,
	"event" text NOT NULL,
	"state" text NOT NULL,
	"role" text NOT NULL,
	"actor_id" text,
	"says" text DEFAULT '' NOT NULL,
	"call_key" text NOT NULL,
	"order_version" integer,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "claim_event_happened_once" PRIMARY KEY("refund_id","version"),
	CONSTRAINT "one_event_a_call" UNIQUE("refund_id","call_key"),
	CONSTRAINT "claim_event_known" CHECK ("order"."claim_event"."event" in ('open', 'accept', 'accept_with_return', 'contest', 'withdraw', 'send', 'arrive', 'lose', 'approve', 'escalate', 'expire', 'award_all', 'award_part', 'award_none', 'pay', 'settle', 'void')),
	CONSTRAINT "claim_event_role_known" CHECK ("order"."claim_event"."role" in ('buyer', 'seller', 'operator', 'shop'))
);
--> statement-breakpoint
CREATE TABLE "order"."claim_line" (
	"refund_id" text NOT NULL,
	"line_id" text NOT NULL,
	"pieces" integer NOT NULL,
	"asked_minor" bigint NOT NULL,
	"awarded_minor" bigint,
	"paid_minor" bigint,
	"is_live" boolean NOT NULL,
	CONSTRAINT "claim_line_asked_once" PRIMARY KEY("refund_id","line_id"),
	CONSTRAINT "claim_line_has_pieces" CHECK ("order"."claim_line"."pieces" between 1 and 9999),
	CONSTRAINT "claim_line_asks_for_something" CHECK ("order"."claim_line"."asked_minor" > 0),
	CONSTRAINT "claim_line_awarded_at_most_asked" CHECK ("order"."claim_line"."awarded_minor" between 0 and "order"."claim_line"."asked_minor"),
	CONSTRAINT "claim_line_paid_at_most_awarded" CHECK ("order"."claim_line"."paid_minor" between 0 and coalesce("order"."claim_line"."awarded_minor", "order"."claim_line"."asked_minor"))
);
--> statement-breakpoint
CREATE TABLE "order"."dispute" (
	"dispute_id" text PRIMARY KEY NOT NULL,
	"refund_id" text NOT NULL,
	"order_id" text NOT NULL,
	"buyer_id" text NOT NULL,
	"seller_id" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"verdict" text,
	"awards" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"note" text,
	"decided_by" text,
	"call_key" text,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "one_dispute_a_claim" UNIQUE("refund_id"),
	CONSTRAINT "dispute_state_known" CHECK ("order"."dispute"."state" in ('open', 'decided', 'closed')),
	CONSTRAINT "dispute_verdict_known" CHECK ("order"."dispute"."verdict" in ('full', 'partial', 'none')),
	CONSTRAINT "dispute_decided_has_verdict" CHECK (("order"."dispute"."state" = 'decided') = ("order"."dispute"."verdict" is not null)),
	CONSTRAINT "dispute_over_has_end" CHECK (("order"."dispute"."state" = 'open') = ("order"."dispute"."ended_at" is null))
);
--> statement-breakpoint
CREATE TABLE "order"."dispute_message" (
	"message_id" text PRIMARY KEY NOT NULL,
	"dispute_id" text NOT NULL,
	"author_id" text NOT NULL,
	"role" text NOT NULL,
	"says" text NOT NULL,
	"evidence" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "dispute_message_role_known" CHECK ("order"."dispute_message"."role" in ('buyer', 'seller', 'operator', 'shop'))
);
--> statement-breakpoint
ALTER TABLE "order"."claim_event" ADD CONSTRAINT "claim_event_refund_id_claim_refund_id_fk" FOREIGN KEY ("refund_id") REFERENCES "order"."claim"("refund_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order"."claim_line" ADD CONSTRAINT "claim_line_refund_id_claim_refund_id_fk" FOREIGN KEY ("refund_id") REFERENCES "order"."claim"("refund_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order"."dispute" ADD CONSTRAINT "dispute_refund_id_claim_refund_id_fk" FOREIGN KEY ("refund_id") REFERENCES "order"."claim"("refund_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order"."dispute_message" ADD CONSTRAINT "dispute_message_dispute_id_dispute_dispute_id_fk" FOREIGN KEY ("dispute_id") REFERENCES "order"."dispute"("dispute_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "chargebacks_of_checkout" ON "order"."chargeback" USING btree ("checkout_id");--> statement-breakpoint
CREATE INDEX "chargebacks_newest" ON "order"."chargeback" USING btree ("opened_at","chargeback_id");--> statement-breakpoint
CREATE INDEX "claims_of_order" ON "order"."claim" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "claims_of_buyer" ON "order"."claim" USING btree ("buyer_id","opened_at","refund_id");--> statement-breakpoint
CREATE INDEX "claims_of_seller" ON "order"."claim" USING btree ("seller_id","opened_at","refund_id");--> statement-breakpoint
CREATE INDEX "claims_by_state" ON "order"."claim" USING btree ("state","opened_at","refund_id");--> statement-breakpoint
CREATE INDEX "claims_newest" ON "order"."claim" USING btree ("opened_at","refund_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_live_claim_a_line" ON "order"."claim_line" USING btree ("line_id") WHERE "order"."claim_line"."is_live";--> statement-breakpoint
CREATE INDEX "claims_of_line" ON "order"."claim_line" USING btree ("line_id");--> statement-breakpoint
CREATE INDEX "disputes_of_buyer" ON "order"."dispute" USING btree ("buyer_id","opened_at","dispute_id");--> statement-breakpoint
CREATE INDEX "disputes_of_seller" ON "order"."dispute" USING btree ("seller_id","opened_at","dispute_id");--> statement-breakpoint
CREATE INDEX "disputes_newest" ON "order"."dispute" USING btree ("opened_at","dispute_id");--> statement-breakpoint
CREATE INDEX "messages_of_dispute" ON "order"."dispute_message" USING btree ("dispute_id","at","message_id");