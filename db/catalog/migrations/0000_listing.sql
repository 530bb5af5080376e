CREATE SCHEMA "catalog";
--> statement-breakpoint
CREATE TABLE "catalog"."category" (
	"category_id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "category_slug_once" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "catalog"."listing" (
	"listing_id" text PRIMARY KEY NOT NULL,
	"seller_id" text NOT NULL,
	"category_slug" text NOT NULL,
	"title" text NOT NULL,
	"description" text NOT NULL,
	"brand" text,
	"state" text DEFAULT 'draft' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"published_at" timestamp with time zone,
	"hidden_at" timestamp with time zone,
	CONSTRAINT "listing_state_known" CHECK ("catalog"."listing"."state" in ('draft', 'published', 'hidden'))
);
--> statement-breakpoint
CREATE TABLE "catalog"."sku" (
	"sku_id" text PRIMARY KEY NOT NULL,
	"listing_id" text NOT NULL,
	"code" text NOT NULL,
	"position" smallint NOT NULL,
	"price_minor" bigint NOT NULL,
	"currency" char(3) NOT NULL,
	"weight_grams" integer NOT NULL,
	"repriced_at" timestamp with time zone,
	CONSTRAINT "sku_code_once_a_listing" UNIQUE("listing_id","code"),
	CONSTRAINT "sku_price_never_below_zero" CHECK ("catalog"."sku"."price_minor" >= 0),
	CONSTRAINT "sku_weight_never_below_zero" CHECK ("catalog"."sku"."weight_grams" >= 0)
);
--> statement-breakpoint
ALTER TABLE "catalog"."listing" ADD CONSTRAINT "listing_category_known" FOREIGN KEY ("category_slug") REFERENCES "catalog"."category"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "catalog"."sku" ADD CONSTRAINT "sku_listing_known" FOREIGN KEY ("listing_id") REFERENCES "catalog"."listing"("listing_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "listing_newest" ON "catalog"."listing" USING btree ("listing_id") WHERE "catalog"."listing"."state" = 'published';--> statement-breakpoint
CREATE INDEX "listing_newest_of_category" ON "catalog"."listing" USING btree ("category_slug","listing_id") WHERE "catalog"."listing"."state" = 'published';