CREATE SCHEMA "inventory";
--> statement-breakpoint
CREATE TABLE "inventory"."hold" (
	"hold_id" text PRIMARY KEY NOT NULL,
	"sku_ids" text[] NOT NULL,
	"pieces" integer[] NOT NULL,
	"state" text NOT NULL,
	"expires_at" timestamp with time zone,
	"held_at" timestamp with time zone,
	"committed_at" timestamp with time zone,
	"restocked_at" timestamp with time zone,
	"released_at" timestamp with time zone,
	"expired_at" timestamp with time zone,
	CONSTRAINT "hold_state_known" CHECK ("inventory"."hold"."state" in ('held', 'committed', 'released', 'expired')),
	CONSTRAINT "hold_lines_paired" CHECK (cardinality("inventory"."hold"."sku_ids") = cardinality("inventory"."hold"."pieces")),
	CONSTRAINT "hold_pieces_positive" CHECK (0 < all ("inventory"."hold"."pieces")),
	CONSTRAINT "hold_tombstone_stays_released" CHECK ("inventory"."hold"."state" = 'released' or (cardinality("inventory"."hold"."sku_ids") > 0 and "inventory"."hold"."expires_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "inventory"."level" (
	"sku_id" text PRIMARY KEY NOT NULL,
	"seller_id" text NOT NULL,
	"on_hand" bigint DEFAULT 0 NOT NULL,
	"held" bigint DEFAULT 0 NOT NULL,
	"sold" bigint DEFAULT 0 NOT NULL,
	"opened_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "level_never_below_zero" CHECK ("inventory"."level"."on_hand" >= 0),
	CONSTRAINT "level_never_holds_below_zero" CHECK ("inventory"."level"."held" >= 0),
	CONSTRAINT "level_never_sells_below_zero" CHECK ("inventory"."level"."sold" >= 0),
	CONSTRAINT "level_never_oversold" CHECK ("inventory"."level"."held" + "inventory"."level"."sold" <= "inventory"."level"."on_hand")
);
--> statement-breakpoint
CREATE TABLE "inventory"."movement" (
	"reference" text NOT NULL,
	"sku_id" text NOT NULL,
	"reason" text NOT NULL,
	"on_hand_delta" integer NOT NULL,
	"held_delta" integer NOT NULL,
	"sold_delta" integer NOT NULL,
	"actor" text NOT NULL,
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "inventory"."movement_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"moved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "movement_once_a_reason" PRIMARY KEY("reference","sku_id","reason"),
	CONSTRAINT "movement_reason_known" CHECK ("inventory"."movement"."reason" in ('receive', 'reserve', 'release', 'commit', 'restock', 'expire')),
	CONSTRAINT "movement_moves_something" CHECK ("inventory"."movement"."on_hand_delta" <> 0 or "inventory"."movement"."held_delta" <> 0 or "inventory"."movement"."sold_delta" <> 0)
);
--> statement-breakpoint
CREATE INDEX "hold_due" ON "inventory"."hold" USING btree ("expires_at") WHERE "inventory"."hold"."state" = 'held';--> statement-breakpoint
CREATE INDEX "movement_newest" ON "inventory"."movement" USING btree ("sku_id","position");