CREATE TABLE "promotion"."coupon" (
	"code" text PRIMARY KEY NOT NULL,
	"promotion_id" text NOT NULL,
	"batch" text NOT NULL,
	"account_id" text,
	"state" text DEFAULT 'free' NOT NULL,
	"promotion_hold_id" text,
	CONSTRAINT "coupon_state_is_unknown" CHECK ("promotion"."coupon"."state" in ('free', 'held', 'redeemed')),
	CONSTRAINT "coupon_is_held_by_nobody" CHECK (("promotion"."coupon"."state" = 'free') = ("promotion"."coupon"."promotion_hold_id" is null))
);
--> statement-breakpoint
CREATE TABLE "promotion"."coupon_batch" (
	"promotion_id" text NOT NULL,
	"batch" text NOT NULL,
	"prefix" text NOT NULL,
	"coupon_count" integer NOT NULL,
	"accounts_hash" text,
	"secret" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "coupon_batch_is_there_twice" PRIMARY KEY("promotion_id","batch")
);
--> statement-breakpoint
CREATE TABLE "promotion"."promotion_account" (
	"promotion_id" text NOT NULL,
	"account_id" text NOT NULL,
	"uses_max" integer NOT NULL,
	"uses_held" integer NOT NULL,
	"uses_redeemed" integer NOT NULL,
	CONSTRAINT "promotion_account_is_there_twice" PRIMARY KEY("promotion_id","account_id"),
	CONSTRAINT "promotion_account_uses_it_too_often" CHECK ("promotion"."promotion_account"."uses_held" + "promotion"."promotion_account"."uses_redeemed" <= "promotion"."promotion_account"."uses_max"),
	CONSTRAINT "promotion_account_uses_are_negative" CHECK ("promotion"."promotion_account"."uses_held" >= 0 and "promotion"."promotion_account"."uses_redeemed" >= 0)
);
--> statement-breakpoint
CREATE TABLE "promotion"."promotion_target" (
	"promotion_id" text NOT NULL,
	"key" text NOT NULL,
	"is_automatic" boolean NOT NULL,
	"ends_at" timestamp with time zone NOT NULL,
	CONSTRAINT "promotion_target_is_there_twice" PRIMARY KEY("promotion_id","key")
);
--> statement-breakpoint
ALTER TABLE "promotion"."promotion" DROP CONSTRAINT "promotion_discount_is_of_another_kind";--> statement-breakpoint
DROP INDEX "promotion"."promotion_automatic";--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "is_by_coupon" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "discount_shape" jsonb;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "gives" text DEFAULT 'goods' NOT NULL;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "level" text DEFAULT 'order' NOT NULL;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "paid_by" text DEFAULT 'seller' NOT NULL;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "minimum_minor" bigint;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "cap_minor" bigint;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "group_name" text;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "is_exclusive" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "schedule" jsonb;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "uses_max" integer;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "uses_held" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "uses_redeemed" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "account_uses_max" integer;--> statement-breakpoint
ALTER TABLE "promotion"."promotion_hold" ADD COLUMN "account_id" text;--> statement-breakpoint
ALTER TABLE "promotion"."coupon" ADD CONSTRAINT "coupon_of_no_batch" FOREIGN KEY ("promotion_id","batch") REFERENCES "promotion"."coupon_batch"("promotion_id","batch") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promotion"."coupon_batch" ADD CONSTRAINT "coupon_batch_of_no_promotion" FOREIGN KEY ("promotion_id") REFERENCES "promotion"."promotion"("promotion_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promotion"."promotion_account" ADD CONSTRAINT "promotion_account_of_no_promotion" FOREIGN KEY ("promotion_id") REFERENCES "promotion"."promotion"("promotion_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promotion"."promotion_target" ADD CONSTRAINT "promotion_target_of_no_promotion" FOREIGN KEY ("promotion_id") REFERENCES "promotion"."promotion"("promotion_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "coupon_of_batch" ON "promotion"."coupon" USING btree ("promotion_id","batch","code");--> statement-breakpoint
CREATE INDEX "coupon_of_hold" ON "promotion"."coupon" USING btree ("promotion_hold_id") WHERE "promotion"."coupon"."promotion_hold_id" is not null;--> statement-breakpoint
CREATE INDEX "promotion_target_automatic" ON "promotion"."promotion_target" USING btree ("key","ends_at") WHERE "promotion"."promotion_target"."is_automatic";--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD CONSTRAINT "promotion_is_used_too_often" CHECK ("promotion"."promotion"."uses_held" + "promotion"."promotion"."uses_redeemed" <= "promotion"."promotion"."uses_max");--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD CONSTRAINT "promotion_uses_are_negative" CHECK ("promotion"."promotion"."uses_held" >= 0 and "promotion"."promotion"."uses_redeemed" >= 0);--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD CONSTRAINT "promotion_gives_something_unknown" CHECK ("promotion"."promotion"."gives" in ('goods', 'shipping'));--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD CONSTRAINT "promotion_level_is_unknown" CHECK ("promotion"."promotion"."level" in ('line', 'seller', 'order'));--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD CONSTRAINT "promotion_payer_is_unknown" CHECK ("promotion"."promotion"."paid_by" in ('platform', 'seller'));--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD CONSTRAINT "promotion_of_a_seller_is_paid_by_the_platform" CHECK ("promotion"."promotion"."seller_id" is null or "promotion"."promotion"."paid_by" = 'seller');--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD CONSTRAINT "promotion_discount_is_of_another_kind" CHECK (case "promotion"."promotion"."discount_kind"
        when 'percent' then "promotion"."promotion"."discount_minor" is null and coalesce("promotion"."promotion"."discount_basis_points" between 1 and 10000, false)
        when 'fixed' then "promotion"."promotion"."discount_basis_points" is null and coalesce("promotion"."promotion"."discount_minor" >= 0, false)
        else "promotion"."promotion"."discount_kind" in ('tiered', 'buy_get', 'bundle') and "promotion"."promotion"."discount_shape" is not null end);