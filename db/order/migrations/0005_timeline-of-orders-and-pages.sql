ALTER TABLE "order"."timeline" DROP CONSTRAINT "told_once";--> statement-breakpoint
ALTER TABLE "order"."timeline" ADD COLUMN "order_id" text;--> statement-breakpoint
CREATE INDEX "checkouts_of_account" ON "order"."checkout" USING btree ("account_id","claimed_at","checkout_id");--> statement-breakpoint
CREATE INDEX "lines_to_confirm" ON "order"."checkout_line" USING btree ("seller_id","due_at","order_id") WHERE "order"."checkout_line"."state" = 'paid';--> statement-breakpoint
ALTER TABLE "order"."timeline" ADD CONSTRAINT "told_once" UNIQUE NULLS NOT DISTINCT("checkout_id","order_id","what","detail");