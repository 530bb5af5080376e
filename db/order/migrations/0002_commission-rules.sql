CREATE TABLE "order"."commission_rule" (
	"scope" text NOT NULL,
	"version" integer NOT NULL,
	"basis_points" integer,
	"fixed_minor" bigint,
	"fixed_currency" char(3),
	"put_by" text NOT NULL,
	"put_by_call" text NOT NULL,
	"valid_from" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "commission_rule_numbered_twice" PRIMARY KEY("scope","version"),
	CONSTRAINT "commission_rule_scope_unknown" CHECK ("order"."commission_rule"."scope" ~ '^(default|category:.+|seller:acc_[0-9a-f]{32})$'),
	CONSTRAINT "commission_rule_share_beyond_the_whole" CHECK ("order"."commission_rule"."basis_points" between 0 and 10000),
	CONSTRAINT "commission_rule_fixed_below_zero" CHECK ("order"."commission_rule"."fixed_minor" >= 0),
	CONSTRAINT "commission_rule_fixed_without_currency" CHECK (num_nulls("order"."commission_rule"."fixed_minor", "order"."commission_rule"."fixed_currency") in (0, 2)),
	CONSTRAINT "commission_rule_fixed_without_share" CHECK ("order"."commission_rule"."basis_points" is not null or "order"."commission_rule"."fixed_minor" is null)
);
--> statement-breakpoint
CREATE UNIQUE INDEX "commission_rule_put_twice_by_one_call" ON "order"."commission_rule" USING btree ("put_by_call");