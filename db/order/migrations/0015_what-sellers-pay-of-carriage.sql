ALTER TABLE "order"."line_money" ADD COLUMN "borne_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "platform_carriage_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "seller_carriage_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD COLUMN "borne_minor" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_bears_too_much" CHECK ("order"."checkout_line"."borne_minor" between 0 and "order"."checkout_line"."seller_carriage_minor");--> statement-breakpoint
ALTER TABLE "order"."checkout_line" ADD CONSTRAINT "line_carriage_not_negative" CHECK ("order"."checkout_line"."platform_carriage_minor" >= 0 and "order"."checkout_line"."seller_carriage_minor" >= 0);