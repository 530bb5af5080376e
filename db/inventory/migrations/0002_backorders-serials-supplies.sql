CREATE TABLE "inventory"."dip" (
	"sku_id" text PRIMARY KEY NOT NULL,
	"dip" integer NOT NULL,
	"state" text NOT NULL,
	"noticed_by" text NOT NULL,
	"available" integer NOT NULL,
	"reorder_point" integer NOT NULL,
	"supplier_email" text,
	"noticed_at" timestamp with time zone NOT NULL,
	"over_at" timestamp with time zone,
	CONSTRAINT "dip_state_known" CHECK ("inventory"."dip"."state" in ('open', 'over')),
	CONSTRAINT "dip_counts_up" CHECK ("inventory"."dip"."dip" > 0)
);
--> statement-breakpoint
CREATE TABLE "inventory"."serial" (
	"sku_id" text NOT NULL,
	"serial" text NOT NULL,
	"state" text DEFAULT 'free' NOT NULL,
	"line_id" text,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "inventory"."serial_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"taken_at" timestamp with time zone,
	CONSTRAINT "serial_once_a_sku" PRIMARY KEY("sku_id","serial"),
	CONSTRAINT "serial_state_known" CHECK ("inventory"."serial"."state" in ('free', 'taken')),
	CONSTRAINT "serial_taken_for_a_line" CHECK (("inventory"."serial"."state" = 'taken') = ("inventory"."serial"."line_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "inventory"."setting" (
	"sku_id" text PRIMARY KEY NOT NULL,
	"takes_backorders" boolean NOT NULL,
	"has_serials" boolean NOT NULL,
	"reorder_point" integer,
	"supplier_email" text,
	CONSTRAINT "setting_reorder_point_never_below_zero" CHECK ("inventory"."setting"."reorder_point" >= 0)
);
--> statement-breakpoint
CREATE TABLE "inventory"."take" (
	"line_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"taken_at" timestamp with time zone,
	"back_at" timestamp with time zone,
	CONSTRAINT "take_state_known" CHECK ("inventory"."take"."state" in ('taken', 'back'))
);
--> statement-breakpoint
CREATE TABLE "inventory"."backorder" (
	"line_id" text PRIMARY KEY NOT NULL,
	"order_id" text NOT NULL,
	"hold_id" text NOT NULL,
	"sku_id" text NOT NULL,
	"pieces" integer NOT NULL,
	"reserved_pieces" integer NOT NULL,
	"state" text DEFAULT 'reserved' NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "inventory"."backorder_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"served_by" text,
	"reserved_at" timestamp with time zone DEFAULT now() NOT NULL,
	"served_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	CONSTRAINT "backorder_state_known" CHECK ("inventory"."backorder"."state" in ('reserved', 'waiting', 'served', 'cancelled')),
	CONSTRAINT "backorder_pieces_positive" CHECK (0 < "inventory"."backorder"."pieces" and "inventory"."backorder"."pieces" <= "inventory"."backorder"."reserved_pieces"),
	CONSTRAINT "backorder_served_by_somebody" CHECK (("inventory"."backorder"."state" = 'served') = ("inventory"."backorder"."served_by" is not null))
);
--> statement-breakpoint
CREATE TABLE "inventory"."unsold" (
	"reference" text NOT NULL,
	"sku_id" text NOT NULL,
	"line_id" text NOT NULL,
	"pieces" integer NOT NULL,
	"returned_pieces" integer NOT NULL,
	"unsold_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "unsold_once_a_reference" PRIMARY KEY("reference","sku_id"),
	CONSTRAINT "unsold_pieces_positive" CHECK ("inventory"."unsold"."pieces" > 0),
	CONSTRAINT "unsold_returned_or_waited" CHECK ("inventory"."unsold"."returned_pieces" in (0, "inventory"."unsold"."pieces"))
);
--> statement-breakpoint
ALTER TABLE "inventory"."hold" DROP CONSTRAINT "hold_tombstone_stays_released";--> statement-breakpoint
ALTER TABLE "inventory"."movement" DROP CONSTRAINT "movement_reason_known";--> statement-breakpoint
ALTER TABLE "inventory"."dip" ADD CONSTRAINT "dip_level_known" FOREIGN KEY ("sku_id") REFERENCES "inventory"."level"("sku_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."setting" ADD CONSTRAINT "setting_level_known" FOREIGN KEY ("sku_id") REFERENCES "inventory"."level"("sku_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "serial_next" ON "inventory"."serial" USING btree ("sku_id","state","position");--> statement-breakpoint
CREATE INDEX "serial_in_order" ON "inventory"."serial" USING btree ("sku_id","position");--> statement-breakpoint
CREATE INDEX "serial_of_line" ON "inventory"."serial" USING btree ("line_id") WHERE "inventory"."serial"."line_id" is not null;--> statement-breakpoint
CREATE INDEX "backorder_of_hold" ON "inventory"."backorder" USING btree ("hold_id");--> statement-breakpoint
CREATE INDEX "backorder_of_order" ON "inventory"."backorder" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "backorder_queue" ON "inventory"."backorder" USING btree ("sku_id","position") WHERE "inventory"."backorder"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "backorder_served" ON "inventory"."backorder" USING btree ("served_by","sku_id") WHERE "inventory"."backorder"."state" = 'served';--> statement-breakpoint
ALTER TABLE "inventory"."hold" ADD CONSTRAINT "hold_tombstone_stays_released" CHECK ("inventory"."hold"."state" = 'released' or "inventory"."hold"."expires_at" is not null);--> statement-breakpoint
ALTER TABLE "inventory"."movement" ADD CONSTRAINT "movement_reason_known" CHECK ("inventory"."movement"."reason" in ('receive', 'reserve', 'release', 'commit', 'restock', 'expire', 'serve', 'return'));