CREATE TABLE "order"."carrier_event" (
	"event_id" text PRIMARY KEY NOT NULL,
	"shipment_id" text,
	"status" text NOT NULL,
	"payload" text NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "order"."parcel" (
	"parcel_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"line_ids" jsonb NOT NULL,
	"carrier" text NOT NULL,
	"service" text NOT NULL,
	"choice" integer DEFAULT 1 NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"trouble" text,
	"tries" integer DEFAULT 0 NOT NULL,
	"try_at" timestamp with time zone DEFAULT now(),
	"shipment_id" text,
	"planned_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "parcel_state_known" CHECK ("order"."parcel"."state" in ('waiting', 'sealed', 'over')),
	CONSTRAINT "parcel_trouble_known" CHECK ("order"."parcel"."trouble" in ('carrier_down', 'carrier_refused', 'serials_short', 'disputed', 'undone')),
	CONSTRAINT "parcel_sealed_has_shipment" CHECK ("order"."parcel"."state" <> 'sealed' or "order"."parcel"."shipment_id" is not null),
	CONSTRAINT "parcel_has_lines" CHECK (jsonb_array_length("order"."parcel"."line_ids") > 0)
);
--> statement-breakpoint
CREATE TABLE "order"."shipment" (
	"shipment_id" text PRIMARY KEY NOT NULL,
	"kind" text,
	"order_id" text,
	"parcel_id" text,
	"refund_id" text,
	"line_ids" jsonb,
	"carrier" text,
	"service" text,
	"carrier_ref" text,
	"tracking_id" text,
	"price_minor" bigint,
	"price_currency" char(3),
	"state" text NOT NULL,
	"look_at" timestamp with time zone,
	"tries" integer DEFAULT 0 NOT NULL,
	"booked_at" timestamp with time zone,
	"sealed_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "shipment_kind_known" CHECK ("order"."shipment"."kind" in ('outward', 'return')),
	CONSTRAINT "shipment_state_known" CHECK ("order"."shipment"."state" in ('booking', 'withdrawing', 'booked', 'picked_up', 'in_transit', 'out_for_delivery', 'failed_attempt', 'lost', 'delivered', 'returned', 'cancelled')),
	CONSTRAINT "shipment_booked_can_be_tracked" CHECK ("order"."shipment"."state" in ('booking', 'withdrawing', 'cancelled') or ("order"."shipment"."carrier_ref" is not null and "order"."shipment"."tracking_id" is not null)),
	CONSTRAINT "shipment_without_an_order_is_a_tombstone" CHECK ("order"."shipment"."state" = 'cancelled' or ("order"."shipment"."order_id" is not null and "order"."shipment"."kind" is not null and "order"."shipment"."carrier" is not null)),
	CONSTRAINT "shipment_returned_for_a_refund" CHECK ("order"."shipment"."kind" <> 'return' or "order"."shipment"."refund_id" is not null)
);
--> statement-breakpoint
CREATE TABLE "order"."shipment_label" (
	"shipment_id" text PRIMARY KEY NOT NULL,
	"pdf" text NOT NULL,
	"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "state_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "decision_note" text;--> statement-breakpoint
CREATE INDEX "events_of_shipment" ON "order"."carrier_event" USING btree ("shipment_id");--> statement-breakpoint
CREATE INDEX "parcels_of_order" ON "order"."parcel" USING btree ("order_id","planned_at");--> statement-breakpoint
CREATE INDEX "shipments_of_order" ON "order"."shipment" USING btree ("order_id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_shipment_a_carrier_ref" ON "order"."shipment" USING btree ("carrier_ref");