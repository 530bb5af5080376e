ALTER TABLE "inventory"."setting" DROP CONSTRAINT "setting_safety_stock_never_below_zero";--> statement-breakpoint
ALTER TABLE "inventory"."setting" DROP COLUMN "safety_stock";