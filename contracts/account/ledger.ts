/** Words of the ledger: accounts, lines, entries. */
import { z } from "zod";
import { id } from "../_kit/id.ts";
import { Currency, MINOR_MAX } from "../_kit/money.ts";
import { Instant } from "../_kit/time.ts";

/** Our own accounts: commissions, what gateways cost, money that came in for nothing, exchange, parcels, losses, gifts. */
export const PLATFORM_PURPOSES = [
  "income",
  "fees",
  "suspense",
  "fx",
  "shipping",
  "losses",
  "promotions",
] as const;

const PURPOSES = PLATFORM_PURPOSES.join("|");
const HEX = "[0-9a-f]{32}";
const OPEN = `gateway:[a-z]{2,20}|bank:[a-z]{2,20}|escrow:ord_${HEX}|wallet:acc_${HEX}|platform:(${PURPOSES})`;

/**
 * Where money may be posted to. `gateway:<name>` and `bank:<name>` are outside: negative is what came in over the one,
 * positive what went out over the other. `escrow:<order>`: kept for an order. `wallet:<account>`: owed to an account, or
 * by it. `platform:<purpose>`: our own.
 */
export const OpenAccount = z.string().regex(new RegExp(`^(${OPEN})$`));
/** And `held:<account>`: what wallet holds set aside. Only holds move it, so that each always finds its money there. */
export const LedgerAccount = z.string().regex(new RegExp(`^(${OPEN}|held:acc_${HEX})$`));

const lineOf = <T extends z.ZodType>(account: T) =>
  z.strictObject({ account, minor: z.int().min(-MINOR_MAX).max(MINOR_MAX), currency: Currency });
/** Credits are above zero. */
export const EntryLine = lineOf(OpenAccount);
export const SpendLine = lineOf(LedgerAccount);
export const ENTRY_LINE_COUNT_MAX = 200;

/** What the entry is about, e.g. `chk_…` or `ord_…`. */
export const Reference = z.string().regex(/^[a-z]{3}_[0-9a-f]{32}$/);
export const EntryKind = z.enum([
  "capture",
  "refund",
  "payout",
  "commission",
  "adjustment",
  "hold",
  "free",
  "release",
  "shipping",
  "chargeback",
  "exchange",
  "cashback",
]);
export const EntryKey = z.string().min(1).max(120);

export const Posting = z.strictObject({
  entryKey: EntryKey,
  kind: EntryKind,
  reference: Reference,
  lines: z.array(EntryLine).min(2).max(ENTRY_LINE_COUNT_MAX),
  /** What a seller, or a buyer who was given cashback, owes back: may take wallets below zero; what comes next repays it. */
  overdraws: z.literal(true).optional(),
});
export const POSTING_COUNT_MAX = 50;
/** Keeps the sum of a batch a safe integer. */
export const POSTING_LINE_COUNT_MAX = 1_000;

/** A sum of many amounts: it may be beyond what one of them may be. */
export const Sum = z.object({ minor: z.int(), currency: Currency });

export const Entry = z.object({
  entryId: id("ent"),
  entryKey: z.string(),
  kind: EntryKind,
  reference: z.string(),
  postedAt: Instant,
  lines: z.array(z.object({ account: z.string(), minor: z.int(), currency: Currency })),
});
export type Entry = z.infer<typeof Entry>;
