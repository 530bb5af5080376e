CREATE TABLE "account"."statement_line" (
	"position" bigint GENERATED ALWAYS AS IDENTITY (sequence name "account"."statement_line_position_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account" text NOT NULL,
	"currency" char(3) NOT NULL,
	"entry_id" text NOT NULL,
	"minor" bigint NOT NULL,
	"balance_after" bigint NOT NULL,
	CONSTRAINT "statement_line_position_twice" PRIMARY KEY("account","position"),
	CONSTRAINT "statement_line_of_people_only" CHECK ("account"."statement_line"."account" ~ '^(wallet|held):')
);
--> statement-breakpoint
CREATE TABLE "account"."wallet_hold" (
	"wallet_hold_id" text PRIMARY KEY NOT NULL,
	"account_id" text,
	"reference" text,
	"currency" char(3),
	"minor" bigint,
	"overdraws" boolean,
	"spent_by_entry_id" text,
	"state" text NOT NULL,
	"held_at" timestamp with time zone,
	"spent_at" timestamp with time zone,
	"freed_at" timestamp with time zone,
	CONSTRAINT "wallet_hold_state_unknown" CHECK ("account"."wallet_hold"."state" in ('held', 'spent', 'freed')),
	CONSTRAINT "wallet_hold_below_zero" CHECK ("account"."wallet_hold"."minor" >= 0),
	CONSTRAINT "wallet_hold_half_known" CHECK (num_nulls("account"."wallet_hold"."account_id", "account"."wallet_hold"."reference", "account"."wallet_hold"."currency", "account"."wallet_hold"."minor", "account"."wallet_hold"."overdraws",
        "account"."wallet_hold"."held_at") in (0, 6)),
	CONSTRAINT "wallet_hold_of_nobody" CHECK ("account"."wallet_hold"."state" = 'freed' or "account"."wallet_hold"."held_at" is not null),
	CONSTRAINT "wallet_hold_freed_at_no_time" CHECK (("account"."wallet_hold"."state" = 'freed') = ("account"."wallet_hold"."freed_at" is not null)),
	CONSTRAINT "wallet_hold_spent_on_nothing" CHECK (num_nulls("account"."wallet_hold"."spent_at", "account"."wallet_hold"."spent_by_entry_id") = case "account"."wallet_hold"."state" when 'spent' then 0 else 2 end)
);
--> statement-breakpoint
CREATE TABLE "account"."suspension" (
	"suspended_by_call" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"reason" text NOT NULL,
	"suspended_by" text NOT NULL,
	"lifted_by" text,
	"lifted_by_call" text,
	"suspended_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lifted_at" timestamp with time zone,
	CONSTRAINT "suspension_lifted_by_nobody" CHECK (num_nulls("account"."suspension"."lifted_at", "account"."suspension"."lifted_by", "account"."suspension"."lifted_by_call") in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "account"."balance" DROP CONSTRAINT "balance_never_below_zero";--> statement-breakpoint
ALTER TABLE "account"."balance" DROP CONSTRAINT "balance_of_guarded_accounts_only";--> statement-breakpoint
ALTER TABLE "account"."entry" DROP CONSTRAINT "entry_kind_unknown";--> statement-breakpoint
ALTER TABLE "account"."entry" ADD COLUMN "overdraws" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "account"."statement_line" ADD CONSTRAINT "statement_line_entry_id_entry_entry_id_fk" FOREIGN KEY ("entry_id") REFERENCES "account"."entry"("entry_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account"."suspension" ADD CONSTRAINT "suspension_account_id_account_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "account"."account"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "statement_line_twice" ON "account"."statement_line" USING btree ("entry_id","account","currency");--> statement-breakpoint
CREATE UNIQUE INDEX "suspension_current_twice" ON "account"."suspension" USING btree ("account_id") WHERE "account"."suspension"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "suspension_lifted_twice_by_one_call" ON "account"."suspension" USING btree ("lifted_by_call");--> statement-breakpoint
ALTER TABLE "account"."balance" ADD CONSTRAINT "balance_below_zero" CHECK ("account"."balance"."minor" >= 0 or "account"."balance"."account" like 'wallet:%');--> statement-breakpoint
ALTER TABLE "account"."balance" ADD CONSTRAINT "balance_of_guarded_accounts_only" CHECK ("account"."balance"."account" ~ '^(escrow|wallet|held):');--> statement-breakpoint
ALTER TABLE "account"."entry" ADD CONSTRAINT "entry_kind_unknown" CHECK ("account"."entry"."kind" in ('capture', 'refund', 'payout', 'commission', 'adjustment', 'hold', 'free', 'release', 'shipping', 'chargeback', 'exchange'));