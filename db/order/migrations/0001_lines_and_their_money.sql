CREATE TABLE "order"."give_back" (
	"key" text PRIMARY KEY NOT NULL,
	"checkout_id" text NOT NULL,
	"order_id" text NOT NULL,
	"gateway_minor" bigint NOT NULL,
	"wallet_minor" bigint NOT NULL,
	"state" text DEFAULT 'promised' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"promised_at" timestamp with time zone DEFAULT now() NOT NULL,
	"paid_at" timestamp with time zone,
	CONSTRAINT "give_back_state_known" CHECK ("order"."give_back"."state" in ('promised', 'paid', 'left_to_bank')),
	CONSTRAINT "give_back_not_negative" CHECK ("order"."give_back"."gateway_minor" >= 0 and "order"."give_back"."wallet_minor" >= 0)
);
--> statement-breakpoint
CREATE TABLE "order"."tender" (
	"checkout_id" text PRIMARY KEY NOT NULL,
	"charge_id" text,
	"gateway" text,
	"gateway_ref" text,
	"account_id" text NOT NULL,
	"currency" char(3) NOT NULL,
	"gateway_minor" bigint NOT NULL,
	"wallet_minor" bigint NOT NULL,
	"gateway_returned_minor" bigint DEFAULT 0 NOT NULL,
	"wallet_returned_minor" bigint DEFAULT 0 NOT NULL,
	"charged_back_minor" bigint DEFAULT 0 NOT NULL,
	"settled_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tender_not_negative" CHECK ("order"."tender"."gateway_minor" >= 0 and "order"."tender"."wallet_minor" >= 0),
	CONSTRAINT "tender_gateway_returned_at_most_paid" CHECK ("order"."tender"."gateway_returned_minor" >= 0 and "order"."tender"."charged_back_minor" >= 0 and "order"."tender"."gateway_returned_minor" + "order"."tender"."charged_back_minor" <= "order"."tender"."gateway_minor"),
	CONSTRAINT "tender_wallet_returned_at_most_paid" CHECK ("order"."tender"."wallet_returned_minor" between 0 and "order"."tender"."wallet_minor")
);
--> statement-breakpoint
CREATE TABLE "order"."duty_note" (
	"order_id" text NOT NULL,
	"key" text NOT NULL,
	"noted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "duty_noted_once" PRIMARY KEY("order_id","key")
);
--> statement-breakpoint
CREATE TABLE "order"."line_money" (
	"key" text NOT NULL,
	"line_id" text NOT NULL,
	"order_id" text NOT NULL,
	"kind" text NOT NULL,
	"carried_minor" bigint DEFAULT 0 NOT NULL,
	"released_minor" bigint DEFAULT 0 NOT NULL,
	"returned_minor" bigint DEFAULT 0 NOT NULL,
	"clawed_minor" bigint DEFAULT 0 NOT NULL,
	"uncarried_minor" bigint DEFAULT 0 NOT NULL,
	"commission_minor" bigint DEFAULT 0 NOT NULL,
	"moved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "line_money_moved_once" PRIMARY KEY("key","line_id"),
	CONSTRAINT "line_money_kind_known" CHECK ("order"."line_money"."kind" in ('carry', 'release', 'return', 'chargeback', 'reinstate'))
);
--> statement-breakpoint
ALTER TABLE "order"."order" DROP CONSTRAINT "order_state_known";--> statement-breakpoint
ALTER TABLE "order"."checkout" ADD COLUMN "groups" jsonb;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "source_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "source_currency" char(3);--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "weight_grams" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "size_mm" jsonb;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "is_backordered" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "order_id" text;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "shipment_id" text;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "state" text DEFAULT 'awaiting_payment' NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "resume_state" text;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "state_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "due_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "claim_until" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "pieces_back" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "shipping_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "commission_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "paid_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "escrow_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "carried_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "released_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "returned_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "clawed_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "uncarried_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "shipping_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "carrier" text;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "service" text;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "from_address" jsonb;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "seller_currency" char(3);--> statement-breakpoint
UPDATE "order"."order" SET "seller_currency" = "currency";--> statement-breakpoint
ALTER TABLE "order"."order" ALTER COLUMN "seller_currency" SET NOT NULL;--> statement-breakpoint
UPDATE "order"."checkout_line" l SET "order_id" = o."order_id", "state" = 'paid', "paid_minor" = l."total_minor", "escrow_minor" = l."total_minor", "due_at" = now() + interval '48 hours' FROM "order"."order" o WHERE o."checkout_id" = l."checkout_id" AND o."seller_id" = l."seller_id";--> statement-breakpoint
UPDATE "order"."checkout_line" l SET "state" = 'cancelled', "reason" = 'checkout_undone' FROM "order"."checkout" c WHERE c."checkout_id" = l."checkout_id" AND c."state" IN ('abandoned', 'refused');--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "seller_rate" text DEFAULT '1' NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "open_chargebacks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "tab" text DEFAULT 'to_confirm' NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."order" ADD COLUMN "changed_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
CREATE INDEX "gives_back_of_checkout" ON "order"."give_back" USING btree ("checkout_id");--> statement-breakpoint
CREATE INDEX "gives_back_of_order" ON "order"."give_back" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_tender_a_charge" ON "order"."tender" USING btree ("charge_id");--> statement-breakpoint
CREATE INDEX "money_of_order" ON "order"."line_money" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "lines_of_order" ON "order"."checkout_line" USING btree ("order_id","position");--> statement-breakpoint
CREATE INDEX "line_of_shipment" ON "order"."checkout_line" USING btree ("shipment_id");--> statement-breakpoint
CREATE INDEX "orders_of_buyer_by_tab" ON "order"."order" USING btree ("buyer_id","tab","placed_at","order_id");--> statement-breakpoint
CREATE INDEX "orders_of_seller_by_tab" ON "order"."order" USING btree ("seller_id","tab","placed_at","order_id");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_state_known" CHECK ("order"."checkout_line"."state" in ('awaiting_payment', 'paid', 'backordered', 'confirmed', 'rejected', 'cancelled', 'shipped', 'delivered', 'fulfilled', 'refunding', 'refunded'));--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_reason_known" CHECK ("order"."checkout_line"."reason" in ('seller_rejected', 'seller_silent', 'buyer_cancelled', 'stock_never_came', 'carrier_silent', 'parcel_lost', 'parcel_returned', 'claim_accepted', 'chargeback_lost', 'checkout_undone'));--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_pieces_back_at_most_all" CHECK ("order"."checkout_line"."pieces_back" between 0 and "order"."checkout_line"."pieces");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_escrow_adds_up" CHECK ("order"."checkout_line"."escrow_minor" = "order"."checkout_line"."paid_minor" - "order"."checkout_line"."carried_minor" - "order"."checkout_line"."released_minor" - ("order"."checkout_line"."returned_minor" - "order"."checkout_line"."clawed_minor" - "order"."checkout_line"."uncarried_minor"));--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_escrow_never_below_zero" CHECK ("order"."checkout_line"."escrow_minor" >= 0);--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_paid_as_frozen" CHECK ("order"."checkout_line"."paid_minor" = 0 or "order"."checkout_line"."paid_minor" = "order"."checkout_line"."total_minor" + "order"."checkout_line"."shipping_minor");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_returned_at_most_paid" CHECK ("order"."checkout_line"."returned_minor" between 0 and "order"."checkout_line"."paid_minor");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_clawed_at_most_released" CHECK ("order"."checkout_line"."clawed_minor" between 0 and "order"."checkout_line"."released_minor");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_uncarried_at_most_carried" CHECK ("order"."checkout_line"."uncarried_minor" between 0 and "order"."checkout_line"."carried_minor");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_carried_at_most_shipping" CHECK ("order"."checkout_line"."carried_minor" between 0 and "order"."checkout_line"."shipping_minor");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_commission_at_most_total" CHECK ("order"."checkout_line"."commission_minor" between 0 and "order"."checkout_line"."total_minor");--> statement-breakpoint
ALTER TABLE "order"."order" ADD CONSTRAINT "order_tab_known" CHECK ("order"."order"."tab" in ('pending', 'to_confirm', 'in_transit', 'completed', 'cancelled', 'in_dispute'));--> statement-breakpoint
ALTER TABLE "order"."order" ADD CONSTRAINT "order_open_chargebacks_not_negative" CHECK ("order"."order"."open_chargebacks" >= 0);--> statement-breakpoint
ALTER TABLE "order"."order" ADD CONSTRAINT "order_state_known" CHECK ("order"."order"."state" in ('paid', 'confirmed', 'shipped', 'delivered', 'fulfilled', 'cancelled', 'refunded'));