/** The double-entry ledger: every fact about money in the system is an entry here, and nothing else holds a balance. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, MINOR_MAX, Money } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";

/**
 * `gateway:<name>`: what a gateway owes us, negative because it is outside; `escrow:<order>`: held for an order;
 * `wallet:<account>`: owed to an account; `platform:<purpose>`: our own. Escrow and wallet never go below zero.
 */
export const LedgerAccount = z
  .string()
  .regex(/^(gateway:[a-z]{2,20}|escrow:ord_[0-9a-f]{32}|wallet:acc_[0-9a-f]{32}|platform:[a-z_]{2,30})$/);

export const EntryLine = z.strictObject({
  account: LedgerAccount,
  minor: z.int().min(-MINOR_MAX).max(MINOR_MAX),
  currency: Currency,
});
export const ENTRY_LINE_COUNT_MAX = 200;

/** What the entry is about, e.g. `chk_…` or `ord_…`. */
const Reference = z.string().regex(/^[a-z]{3}_[0-9a-f]{32}$/);
export const EntryKind = z.enum(["capture", "refund", "payout", "commission", "adjustment"]);

export const Entry = z.object({
  entryId: id("ent"),
  entryKey: z.string(),
  kind: EntryKind,
  reference: z.string(),
  postedAt: Instant,
  lines: z.array(z.object({ account: z.string(), minor: z.int(), currency: Currency })),
});
export type Entry = z.infer<typeof Entry>;

export const WalletRefusals = refusals({
  ENTRY_UNBALANCED: {
    status: 422,
    says: "The lines of a ledger entry must add up to zero in each currency.",
  },
  ENTRY_KEY_REUSED: { status: 409, says: "Another entry was posted under this key." },
  FUNDS_SHORT: {
    status: 409,
    says: "There is not enough money in the account.",
    data: z.object({ account: z.string() }),
  },
});

export const Wallet = service("Wallet", {
  /** Posts one entry.
   *  Takes    2 to 200 lines that add up to zero in each currency
   *  Refuses  ENTRY_UNBALANCED, ENTRY_KEY_REUSED, FUNDS_SHORT
   *  Repeats  same key, same lines: the same entry */
  post: step(
    z.strictObject({
      entryKey: z.string().min(1).max(120),
      kind: EntryKind,
      reference: Reference,
      lines: z.array(EntryLine).min(2).max(ENTRY_LINE_COUNT_MAX),
    }),
    z.object({ entryId: id("ent") }),
    {
      who: "module",
      refuses: [WalletRefusals.ENTRY_UNBALANCED, WalletRefusals.ENTRY_KEY_REUSED, WalletRefusals.FUNDS_SHORT],
    },
  ),

  /** The entries about one thing, oldest first. */
  entries: read(z.strictObject({ reference: Reference }), z.object({ entries: z.array(Entry) }), {
    who: "operator",
  }),

  /** What an account holds, from its entries.
   *  Gives    one amount a currency that it ever saw */
  balance: read(z.strictObject({ account: LedgerAccount }), z.object({ balances: z.array(Money) }), {
    who: "operator",
  }),

  /** The standing invariant: entries that do not add up to zero, and balances that are not the sum of their lines.
   *  Gives    two empty lists, or an alarm */
  audit: read(
    z.strictObject({}),
    z.object({ unbalanced: z.array(z.string()), drifted: z.array(z.string()) }),
    { who: "operator" },
  ),
});
