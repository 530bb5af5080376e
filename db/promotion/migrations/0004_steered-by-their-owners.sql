ALTER TABLE "promotion"."promotion" ADD COLUMN "version" integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "promotion"."promotion" ADD COLUMN "stopped_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "promotion_of_owner" ON "promotion"."promotion" USING btree ("seller_id","created_at","promotion_id");