CREATE SCHEMA "account";
--> statement-breakpoint
CREATE TABLE "account"."account" (
	"account_id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"password_hash" text NOT NULL,
	"display_name" text NOT NULL,
	"shop_name" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account"."account_role" (
	"account_id" text NOT NULL,
	"role" text NOT NULL,
	"granted_by" text NOT NULL,
	"granted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "account_role_held_once" PRIMARY KEY("account_id","role"),
	CONSTRAINT "account_role_unknown" CHECK ("account"."account_role"."role" in ('account', 'seller', 'operator'))
);
--> statement-breakpoint
CREATE TABLE "account"."address" (
	"address_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"recipient" text NOT NULL,
	"phone" text NOT NULL,
	"line1" text NOT NULL,
	"line2" text,
	"city" text NOT NULL,
	"region" text,
	"postcode" text NOT NULL,
	"country" char(2) NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "account"."address_book" (
	"account_id" text PRIMARY KEY NOT NULL,
	"address_count" integer NOT NULL,
	CONSTRAINT "address_book_full" CHECK ("account"."address_book"."address_count" between 0 and 50)
);
--> statement-breakpoint
CREATE TABLE "account"."balance" (
	"account" text NOT NULL,
	"currency" char(3) NOT NULL,
	"minor" bigint NOT NULL,
	CONSTRAINT "balance_account_twice" PRIMARY KEY("account","currency"),
	CONSTRAINT "balance_never_below_zero" CHECK ("account"."balance"."minor" >= 0),
	CONSTRAINT "balance_of_guarded_accounts_only" CHECK ("account"."balance"."account" ~ '^(escrow|wallet):')
);
--> statement-breakpoint
CREATE TABLE "account"."entry" (
	"entry_id" text PRIMARY KEY NOT NULL,
	"entry_key" text NOT NULL,
	"reference" text NOT NULL,
	"kind" text NOT NULL,
	"line_count" smallint NOT NULL,
	"body_hash" text NOT NULL,
	"posted_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "entry_kind_unknown" CHECK ("account"."entry"."kind" in ('capture', 'refund', 'payout', 'commission', 'adjustment')),
	CONSTRAINT "entry_line_count_out_of_bounds" CHECK ("account"."entry"."line_count" between 2 and 200)
);
--> statement-breakpoint
CREATE TABLE "account"."entry_line" (
	"entry_id" text NOT NULL,
	"position" smallint NOT NULL,
	"account" text NOT NULL,
	"currency" char(3) NOT NULL,
	"minor" bigint NOT NULL,
	CONSTRAINT "entry_line_position_twice" PRIMARY KEY("entry_id","position")
);
--> statement-breakpoint
CREATE TABLE "account"."refresh_token" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"session_id" text NOT NULL,
	"used_by_call" text,
	"issued_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "refresh_token_used_by_nobody" CHECK (num_nulls("account"."refresh_token"."used_at", "account"."refresh_token"."used_by_call") in (0, 2))
);
--> statement-breakpoint
CREATE TABLE "account"."session" (
	"session_id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"token_secret" text NOT NULL,
	"close_reason" text,
	"closed_by_call" text,
	"opened_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "session_close_reason_unknown" CHECK ("account"."session"."close_reason" in ('signed_out', 'reused')),
	CONSTRAINT "session_closed_without_reason" CHECK (num_nulls("account"."session"."closed_at", "account"."session"."close_reason", "account"."session"."closed_by_call") in (0, 3))
);
--> statement-breakpoint
ALTER TABLE "account"."account_role" ADD CONSTRAINT "account_role_account_id_account_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "account"."account"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account"."address" ADD CONSTRAINT "address_account_id_account_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "account"."account"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account"."address_book" ADD CONSTRAINT "address_book_account_id_account_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "account"."account"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account"."entry_line" ADD CONSTRAINT "entry_line_entry_id_entry_entry_id_fk" FOREIGN KEY ("entry_id") REFERENCES "account"."entry"("entry_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account"."refresh_token" ADD CONSTRAINT "refresh_token_session_id_session_session_id_fk" FOREIGN KEY ("session_id") REFERENCES "account"."session"("session_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account"."session" ADD CONSTRAINT "session_account_id_account_account_id_fk" FOREIGN KEY ("account_id") REFERENCES "account"."account"("account_id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "account_email_taken" ON "account"."account" USING btree (lower("email"));--> statement-breakpoint
CREATE UNIQUE INDEX "account_shop_name_taken" ON "account"."account" USING btree (lower("shop_name"));--> statement-breakpoint
CREATE INDEX "address_of_account" ON "account"."address" USING btree ("account_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "entry_key_reused" ON "account"."entry" USING btree ("entry_key");--> statement-breakpoint
CREATE INDEX "entry_of_reference" ON "account"."entry" USING btree ("reference","posted_at");--> statement-breakpoint
CREATE INDEX "entry_line_of_account" ON "account"."entry_line" USING btree ("account","currency","minor");--> statement-breakpoint
CREATE UNIQUE INDEX "refresh_token_current_twice" ON "account"."refresh_token" USING btree ("session_id") WHERE "account"."refresh_token"."used_at" is null;