CREATE TABLE "inventory"."import_file" (
	"import_id" text PRIMARY KEY NOT NULL,
	"seller_id" text NOT NULL,
	"location_id" text,
	"kind" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"digest" text,
	"row_count" integer DEFAULT 0 NOT NULL,
	"changed_count" integer DEFAULT 0 NOT NULL,
	"problem_count" integer DEFAULT 0 NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "import_kind_known" CHECK ("inventory"."import_file"."kind" in ('stocktake', 'serials')),
	CONSTRAINT "import_state_known" CHECK ("inventory"."import_file"."state" in ('open', 'applied', 'refused', 'forgotten')),
	CONSTRAINT "import_counted_somewhere" CHECK (("inventory"."import_file"."kind" = 'stocktake') = ("inventory"."import_file"."location_id" is not null)),
	CONSTRAINT "import_ended_by_a_file" CHECK (("inventory"."import_file"."state" in ('applied', 'refused')) = ("inventory"."import_file"."digest" is not null))
);
--> statement-breakpoint
CREATE TABLE "inventory"."import_problem" (
	"import_id" text NOT NULL,
	"line" integer NOT NULL,
	"problem" text NOT NULL,
	CONSTRAINT "import_problem_once_a_line" PRIMARY KEY("import_id","line"),
	CONSTRAINT "import_problem_known" CHECK ("inventory"."import_problem"."problem" in ('malformed', 'sku_unknown', 'pieces_invalid', 'serial_invalid', 'twice', 'pieces_short', 'serial_known'))
);
--> statement-breakpoint
CREATE TABLE "inventory"."import_row" (
	"import_id" text NOT NULL,
	"upload_id" text NOT NULL,
	"line" integer NOT NULL,
	"sku" text NOT NULL,
	"value" text NOT NULL,
	"is_malformed" boolean NOT NULL,
	CONSTRAINT "import_row_once_a_line" PRIMARY KEY("import_id","upload_id","line")
);
--> statement-breakpoint
CREATE TABLE "inventory"."location" (
	"location_id" text PRIMARY KEY NOT NULL,
	"seller_id" text NOT NULL,
	"name" text NOT NULL,
	"is_default" boolean NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "inventory"."pick" (
	"line_id" text NOT NULL,
	"sku_id" text NOT NULL,
	"location_id" text NOT NULL,
	"pieces" integer NOT NULL,
	"picked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "pick_once_a_location" PRIMARY KEY("line_id","location_id"),
	CONSTRAINT "pick_never_below_zero" CHECK ("inventory"."pick"."pieces" >= 0)
);
--> statement-breakpoint
CREATE TABLE "inventory"."shelf" (
	"sku_id" text NOT NULL,
	"location_id" text NOT NULL,
	"on_hand" bigint DEFAULT 0 NOT NULL,
	"picked" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "shelf_once_a_location" PRIMARY KEY("sku_id","location_id"),
	CONSTRAINT "shelf_never_below_zero" CHECK ("inventory"."shelf"."on_hand" >= 0),
	CONSTRAINT "shelf_never_picked_short" CHECK (0 <= "inventory"."shelf"."picked" and "inventory"."shelf"."picked" <= "inventory"."shelf"."on_hand")
);
--> statement-breakpoint
CREATE TABLE "inventory"."purchase" (
	"purchase_id" text PRIMARY KEY NOT NULL,
	"seller_id" text NOT NULL,
	"supplier_id" text NOT NULL,
	"location_id" text,
	"state" text DEFAULT 'draft' NOT NULL,
	"code" text NOT NULL,
	"reminder_count" integer DEFAULT 0 NOT NULL,
	"drafted_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	"due_at" timestamp with time zone,
	"remind_at" timestamp with time zone,
	"acknowledged_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	CONSTRAINT "purchase_state_known" CHECK ("inventory"."purchase"."state" in ('draft', 'sent', 'acknowledged', 'part_received', 'received', 'cancelled')),
	CONSTRAINT "purchase_sent_before_it_comes" CHECK ("inventory"."purchase"."state" in ('draft', 'cancelled') or ("inventory"."purchase"."sent_at" is not null and "inventory"."purchase"."due_at" is not null)),
	CONSTRAINT "purchase_ended_at_its_end" CHECK (("inventory"."purchase"."state" in ('received', 'cancelled')) = ("inventory"."purchase"."ended_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "inventory"."purchase_line" (
	"purchase_id" text NOT NULL,
	"sku_id" text NOT NULL,
	"pieces" integer NOT NULL,
	"received_pieces" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "purchase_line_once_a_sku" PRIMARY KEY("purchase_id","sku_id"),
	CONSTRAINT "purchase_line_pieces_positive" CHECK ("inventory"."purchase_line"."pieces" > 0),
	CONSTRAINT "purchase_line_received_never_below_zero" CHECK ("inventory"."purchase_line"."received_pieces" >= 0)
);
--> statement-breakpoint
CREATE TABLE "inventory"."supplier" (
	"supplier_id" text PRIMARY KEY NOT NULL,
	"seller_id" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"lead_days" integer NOT NULL,
	CONSTRAINT "supplier_lead_never_below_zero" CHECK ("inventory"."supplier"."lead_days" >= 0)
);
--> statement-breakpoint
CREATE TABLE "inventory"."serial_event" (
	"sku_id" text NOT NULL,
	"serial" text NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "inventory"."serial_event_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event" text NOT NULL,
	"state" text NOT NULL,
	"line_id" text,
	"note" text,
	"actor" text NOT NULL,
	"happened_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "serial_event_in_order" PRIMARY KEY("sku_id","serial","position"),
	CONSTRAINT "serial_event_known" CHECK ("inventory"."serial_event"."event" in ('add', 'take', 'ship', 'putBack', 'restore', 'damage', 'void')),
	CONSTRAINT "serial_event_state_known" CHECK ("inventory"."serial_event"."state" in ('free', 'taken', 'shipped', 'returned', 'damaged', 'void'))
);
--> statement-breakpoint
ALTER TABLE "inventory"."serial" DROP CONSTRAINT "serial_state_known";--> statement-breakpoint
ALTER TABLE "inventory"."serial" DROP CONSTRAINT "serial_taken_for_a_line";--> statement-breakpoint
ALTER TABLE "inventory"."movement" DROP CONSTRAINT "movement_reason_known";--> statement-breakpoint
ALTER TABLE "inventory"."serial" ADD COLUMN "receipt_id" text;--> statement-breakpoint
ALTER TABLE "inventory"."setting" ADD COLUMN "safety_stock" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "inventory"."setting" ADD COLUMN "supplier_id" text;--> statement-breakpoint
ALTER TABLE "inventory"."setting" ADD COLUMN "reorder_pieces" integer;--> statement-breakpoint
ALTER TABLE "inventory"."movement" ADD COLUMN "location_id" text;--> statement-breakpoint
ALTER TABLE "inventory"."movement" ADD COLUMN "cause" text;--> statement-breakpoint
ALTER TABLE "inventory"."import_problem" ADD CONSTRAINT "import_problem_of_a_file" FOREIGN KEY ("import_id") REFERENCES "inventory"."import_file"("import_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."import_row" ADD CONSTRAINT "import_row_of_a_file" FOREIGN KEY ("import_id") REFERENCES "inventory"."import_file"("import_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."pick" ADD CONSTRAINT "pick_shelf_known" FOREIGN KEY ("sku_id","location_id") REFERENCES "inventory"."shelf"("sku_id","location_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."shelf" ADD CONSTRAINT "shelf_location_known" FOREIGN KEY ("location_id") REFERENCES "inventory"."location"("location_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."purchase" ADD CONSTRAINT "purchase_supplier_known" FOREIGN KEY ("supplier_id") REFERENCES "inventory"."supplier"("supplier_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "inventory"."purchase_line" ADD CONSTRAINT "purchase_line_of_an_order" FOREIGN KEY ("purchase_id") REFERENCES "inventory"."purchase"("purchase_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_unfinished" ON "inventory"."import_file" USING btree ("opened_at") WHERE "inventory"."import_file"."state" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "location_name_once_a_seller" ON "inventory"."location" USING btree ("seller_id","name");--> statement-breakpoint
CREATE UNIQUE INDEX "location_one_default_a_seller" ON "inventory"."location" USING btree ("seller_id") WHERE "inventory"."location"."is_default";--> statement-breakpoint
CREATE INDEX "purchase_newest" ON "inventory"."purchase" USING btree ("seller_id","drafted_at","purchase_id");--> statement-breakpoint
CREATE UNIQUE INDEX "supplier_name_once_a_seller" ON "inventory"."supplier" USING btree ("seller_id","name");--> statement-breakpoint
ALTER TABLE "inventory"."serial" ADD CONSTRAINT "serial_state_known" CHECK ("inventory"."serial"."state" in ('free', 'taken', 'shipped', 'returned', 'damaged', 'void'));--> statement-breakpoint
ALTER TABLE "inventory"."serial" ADD CONSTRAINT "serial_taken_for_a_line" CHECK (("inventory"."serial"."state" in ('taken', 'shipped')) = ("inventory"."serial"."line_id" is not null));--> statement-breakpoint
ALTER TABLE "inventory"."setting" ADD CONSTRAINT "setting_safety_stock_never_below_zero" CHECK ("inventory"."setting"."safety_stock" >= 0);--> statement-breakpoint
ALTER TABLE "inventory"."setting" ADD CONSTRAINT "setting_reorders_from_somebody" CHECK (("inventory"."setting"."supplier_id" is null) = ("inventory"."setting"."reorder_pieces" is null));--> statement-breakpoint
INSERT INTO "inventory"."location" ("location_id", "seller_id", "name", "is_default")
	SELECT 'loc_' || md5("seller_id"), "seller_id", 'Main', true FROM "inventory"."level" GROUP BY "seller_id";--> statement-breakpoint
INSERT INTO "inventory"."shelf" ("sku_id", "location_id", "on_hand")
	SELECT "sku_id", 'loc_' || md5("seller_id"), "on_hand" FROM "inventory"."level";--> statement-breakpoint
ALTER TABLE "inventory"."movement" DISABLE TRIGGER "movement_append_only";--> statement-breakpoint
UPDATE "inventory"."movement" SET "location_id" = 'loc_' || md5("seller_id")
	FROM "inventory"."level" WHERE "level"."sku_id" = "movement"."sku_id" AND "on_hand_delta" <> 0;--> statement-breakpoint
ALTER TABLE "inventory"."movement" ENABLE TRIGGER "movement_append_only";--> statement-breakpoint
ALTER TABLE "inventory"."movement" ADD CONSTRAINT "movement_on_hand_somewhere" CHECK ("inventory"."movement"."on_hand_delta" = 0 or "inventory"."movement"."location_id" is not null);--> statement-breakpoint
ALTER TABLE "inventory"."movement" ADD CONSTRAINT "movement_adjusted_for_a_cause" CHECK (("inventory"."movement"."reason" = 'adjust') = ("inventory"."movement"."cause" is not null));--> statement-breakpoint
ALTER TABLE "inventory"."movement" ADD CONSTRAINT "movement_reason_known" CHECK ("inventory"."movement"."reason" in ('receive', 'reserve', 'release', 'commit', 'restock', 'expire', 'serve', 'return', 'adjust', 'move_out', 'move_in', 'count'));