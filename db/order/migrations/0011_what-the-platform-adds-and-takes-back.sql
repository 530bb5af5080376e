ALTER TABLE "order"."checkout_line" DROP CONSTRAINT "line_commission_at_most_total";--> statement-breakpoint
ALTER TABLE "order"."line_money" ADD COLUMN "subsidized_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."line_money" ADD COLUMN "rewarded_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "subsidized_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "rewarded_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_commission_at_most_sale" CHECK ("order"."checkout_line"."commission_minor" between 0 and "order"."checkout_line"."total_minor" + "order"."checkout_line"."platform_discount_minor");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_subsidy_too_high" CHECK ("order"."checkout_line"."subsidized_minor" between 0 and "order"."checkout_line"."platform_discount_minor");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_reward_too_high" CHECK ("order"."checkout_line"."rewarded_minor" between 0 and "order"."checkout_line"."cashback_minor");