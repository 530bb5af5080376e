ALTER TABLE "order"."chargeback" ADD COLUMN "taken" jsonb;--> statement-breakpoint
ALTER TABLE "order"."chargeback" ADD COLUMN "ending" jsonb;--> statement-breakpoint
ALTER TABLE "order"."chargeback" DROP COLUMN "is_applied";