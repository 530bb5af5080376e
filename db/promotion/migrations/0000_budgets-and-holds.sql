CREATE SCHEMA "promotion";
--> statement-breakpoint
CREATE TABLE "promotion"."promotion" (
	"promotion_id" text PRIMARY KEY NOT NULL,
	"seller_id" text,
	"created_by" text NOT NULL,
	"name" text NOT NULL,
	"code" text,
	"discount_kind" text NOT NULL,
	"discount_basis_points" integer,
	"discount_minor" bigint,
	"currency" char(3) NOT NULL,
	"priority" integer NOT NULL,
	"budget_minor" bigint NOT NULL,
	"held_minor" bigint DEFAULT 0 NOT NULL,
	"redeemed_minor" bigint DEFAULT 0 NOT NULL,
	"starts_at" timestamp with time zone NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "promotion_code_is_taken" UNIQUE("code"),
	CONSTRAINT "promotion_budget_is_overspent" CHECK ("promotion"."promotion"."held_minor" + "promotion"."promotion"."redeemed_minor" <= "promotion"."promotion"."budget_minor"),
	CONSTRAINT "promotion_held_is_negative" CHECK ("promotion"."promotion"."held_minor" >= 0),
	CONSTRAINT "promotion_redeemed_is_negative" CHECK ("promotion"."promotion"."redeemed_minor" >= 0),
	CONSTRAINT "promotion_ends_before_it_starts" CHECK ("promotion"."promotion"."ends_at" > "promotion"."promotion"."starts_at"),
	CONSTRAINT "promotion_discount_is_of_another_kind" CHECK (case "promotion"."promotion"."discount_kind"
        when 'percent' then "promotion"."promotion"."discount_minor" is null and coalesce("promotion"."promotion"."discount_basis_points" between 1 and 10000, false)
        when 'fixed' then "promotion"."promotion"."discount_basis_points" is null and coalesce("promotion"."promotion"."discount_minor" >= 0, false)
        else false end)
);
--> statement-breakpoint
CREATE TABLE "promotion"."promotion_hold" (
	"promotion_hold_id" text PRIMARY KEY NOT NULL,
	"state" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "promotion_hold_state_is_unknown" CHECK ("promotion"."promotion_hold"."state" in ('held', 'redeemed', 'restored', 'freed'))
);
--> statement-breakpoint
CREATE TABLE "promotion"."promotion_hold_share" (
	"promotion_hold_id" text NOT NULL,
	"promotion_id" text NOT NULL,
	"amount_minor" bigint NOT NULL,
	CONSTRAINT "promotion_hold_share_is_there_twice" PRIMARY KEY("promotion_hold_id","promotion_id"),
	CONSTRAINT "promotion_hold_share_is_negative" CHECK ("promotion"."promotion_hold_share"."amount_minor" >= 0)
);
--> statement-breakpoint
ALTER TABLE "promotion"."promotion_hold_share" ADD CONSTRAINT "promotion_hold_share_of_no_hold" FOREIGN KEY ("promotion_hold_id") REFERENCES "promotion"."promotion_hold"("promotion_hold_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promotion"."promotion_hold_share" ADD CONSTRAINT "promotion_hold_share_of_no_promotion" FOREIGN KEY ("promotion_id") REFERENCES "promotion"."promotion"("promotion_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "promotion_automatic" ON "promotion"."promotion" USING btree ("seller_id","ends_at") WHERE "promotion"."promotion"."code" is null;--> statement-breakpoint
CREATE INDEX "promotion_hold_share_of_promotion" ON "promotion"."promotion_hold_share" USING btree ("promotion_id");