CREATE SCHEMA "order";
--> statement-breakpoint
CREATE TABLE "order"."cart" (
	"account_id" text PRIMARY KEY NOT NULL,
	"touched_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "order"."cart_clear" (
	"checkout_id" text PRIMARY KEY NOT NULL,
	"cleared_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "order"."cart_line" (
	"account_id" text NOT NULL,
	"sku_id" text NOT NULL,
	"pieces" integer NOT NULL,
	"added_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "cart_line_account_id_sku_id_pk" PRIMARY KEY("account_id","sku_id"),
	CONSTRAINT "cart_line_has_pieces" CHECK ("order"."cart_line"."pieces" between 1 and 9999)
);
--> statement-breakpoint
CREATE TABLE "order"."charge" (
	"charge_id" text PRIMARY KEY NOT NULL,
	"checkout_id" text NOT NULL,
	"gateway" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"state" text NOT NULL,
	"gateway_ref" text,
	"client_secret" text,
	"paid_minor" bigint,
	"paid_currency" char(3),
	"paid_ref" text,
	"returned_minor" bigint,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "charge_state_known" CHECK ("order"."charge"."state" in ('opening', 'open', 'paid', 'settled', 'voiding', 'voided')),
	CONSTRAINT "settled_as_asked" CHECK ("order"."charge"."state" <> 'settled' or ("order"."charge"."paid_minor" = "order"."charge"."amount_minor" and "order"."charge"."paid_currency" = "order"."charge"."currency")),
	CONSTRAINT "returned_at_most_paid" CHECK ("order"."charge"."returned_minor" is null or "order"."charge"."returned_minor" <= "order"."charge"."paid_minor")
);
--> statement-breakpoint
CREATE TABLE "order"."checkout" (
	"checkout_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"attempt_id" text NOT NULL,
	"basket_hash" text NOT NULL,
	"state" text DEFAULT 'claimed' NOT NULL,
	"refused" jsonb,
	"total_minor" bigint,
	"currency" char(3),
	"address" jsonb,
	"window_ends_at" timestamp with time zone,
	"claimed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "one_checkout_an_attempt" UNIQUE("account_id","attempt_id"),
	CONSTRAINT "checkout_state_known" CHECK ("order"."checkout"."state" in ('claimed', 'awaiting_payment', 'placed', 'abandoned', 'refused')),
	CONSTRAINT "total_not_negative" CHECK ("order"."checkout"."total_minor" >= 0),
	CONSTRAINT "opened_has_total" CHECK ("order"."checkout"."state" in ('claimed', 'refused', 'abandoned') or ("order"."checkout"."total_minor" is not null and "order"."checkout"."address" is not null))
);
--> statement-breakpoint
CREATE TABLE "order"."checkout_line" (
	"line_id" text PRIMARY KEY NOT NULL,
	"checkout_id" text NOT NULL,
	"position" integer NOT NULL,
	"sku_id" text NOT NULL,
	"listing_id" text NOT NULL,
	"seller_id" text NOT NULL,
	"title" text NOT NULL,
	"pieces" integer NOT NULL,
	"unit_minor" bigint NOT NULL,
	"discount_minor" bigint NOT NULL,
	"total_minor" bigint NOT NULL,
	CONSTRAINT "one_line_a_sku" UNIQUE("checkout_id","sku_id"),
	CONSTRAINT "line_adds_up" CHECK ("order"."checkout_line"."total_minor" = "order"."checkout_line"."unit_minor" * "order"."checkout_line"."pieces" - "order"."checkout_line"."discount_minor"),
	CONSTRAINT "line_not_negative" CHECK ("order"."checkout_line"."unit_minor" >= 0 and "order"."checkout_line"."discount_minor" >= 0 and "order"."checkout_line"."total_minor" >= 0 and "order"."checkout_line"."pieces" > 0)
);
--> statement-breakpoint
CREATE TABLE "order"."gateway_event" (
	"gateway" text NOT NULL,
	"event_id" text NOT NULL,
	"kind" text NOT NULL,
	"charge_id" text,
	"payload" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "gateway_event_gateway_event_id_pk" PRIMARY KEY("gateway","event_id")
);
--> statement-breakpoint
CREATE TABLE "order"."order" (
	"order_id" text PRIMARY KEY NOT NULL,
	"checkout_id" text NOT NULL,
	"buyer_id" text NOT NULL,
	"seller_id" text NOT NULL,
	"state" text NOT NULL,
	"total_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"placed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "one_order_a_seller" UNIQUE("checkout_id","seller_id"),
	CONSTRAINT "order_state_known" CHECK ("order"."order"."state" in ('paid')),
	CONSTRAINT "order_not_negative" CHECK ("order"."order"."total_minor" >= 0),
	CONSTRAINT "buyer_is_not_seller" CHECK ("order"."order"."buyer_id" <> "order"."order"."seller_id")
);
--> statement-breakpoint
CREATE TABLE "order"."timeline" (
	"entry" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "order"."timeline_entry_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"checkout_id" text NOT NULL,
	"what" text NOT NULL,
	"detail" text DEFAULT '' NOT NULL,
	"says" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "told_once" UNIQUE("checkout_id","what","detail")
);
--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "checkout_line_checkout_id_checkout_checkout_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "order"."checkout"("checkout_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "order"."order" ADD CONSTRAINT "order_checkout_id_checkout_checkout_id_fk" FOREIGN KEY ("checkout_id") REFERENCES "order"."checkout"("checkout_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "charge_of_checkout" ON "order"."charge" USING btree ("checkout_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_charge_a_reference" ON "order"."charge" USING btree ("gateway","gateway_ref");--> statement-breakpoint
CREATE INDEX "orders_of_buyer" ON "order"."order" USING btree ("buyer_id","placed_at","order_id");--> statement-breakpoint
CREATE INDEX "orders_of_seller" ON "order"."order" USING btree ("seller_id","placed_at","order_id");