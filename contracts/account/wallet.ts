/** The double-entry ledger: every fact about money in the system is an entry here, and nothing else holds a balance. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Price } from "../_kit/money.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done } from "../_kit/word.ts";
import {
  Entry,
  ENTRY_LINE_COUNT_MAX,
  EntryKey,
  EntryKind,
  LedgerAccount,
  Posting,
  POSTING_COUNT_MAX,
  POSTING_LINE_COUNT_MAX,
  Reference,
  SpendLine,
  Sum,
} from "./ledger.ts";

export const WalletHoldState = z.enum(["held", "spent", "freed"]);

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
  WALLET_HOLD_GONE: {
    status: 409,
    says: "The money set aside was given back, spent for something else, or never set aside.",
    data: z.object({ state: z.string() }),
  },
  WALLET_HOLD_DIFFERS: { status: 409, says: "This is not what was set aside under this id." },
});

const { ENTRY_UNBALANCED, ENTRY_KEY_REUSED, FUNDS_SHORT, WALLET_HOLD_GONE, WALLET_HOLD_DIFFERS } =
  WalletRefusals;
const HoldRef = z.strictObject({ walletHoldId: id("whd") });
const Posted = z.object({ entryId: id("ent") });

export const Wallet = service("Wallet", {
  /** Posts one entry.
   *  Takes    2 to 200 lines that add up to zero in each currency; overdraws: wallets may fall below zero
   *  Refuses  ENTRY_UNBALANCED, ENTRY_KEY_REUSED, FUNDS_SHORT
   *  Repeats  same key, same lines: the same entry */
  post: step(Posting, Posted, {
    who: "module",
    refuses: [ENTRY_UNBALANCED, ENTRY_KEY_REUSED, FUNDS_SHORT],
  }),

  /** Posts several entries in the order given, all of them or none.
   *  Takes    1 to 50 postings with 1,000 lines in all; each finds what those before it left
   *  Gives    entryIds, in the order given
   *  Refuses  ENTRY_UNBALANCED, ENTRY_KEY_REUSED, FUNDS_SHORT
   *  Repeats  what was posted before is not posted again */
  postAll: step(
    z.strictObject({
      postings: z
        .array(Posting)
        .min(1)
        .max(POSTING_COUNT_MAX)
        .refine(
          (postings) => postings.flatMap(({ lines }) => lines).length <= POSTING_LINE_COUNT_MAX,
          "must have 1,000 lines in all at most",
        ),
    }),
    z.object({ entryIds: z.array(id("ent")) }),
    { who: "module", refuses: [ENTRY_UNBALANCED, ENTRY_KEY_REUSED, FUNDS_SHORT] },
  ),

  /** Sets money of a wallet aside, from `wallet:` to `held:`, under the entry key `<walletHoldId>/hold`.
   *  Takes    an amount that may be zero: then there is no entry; overdraws: the wallet may fall below zero
   *  Refuses  FUNDS_SHORT, WALLET_HOLD_GONE (its free came first), WALLET_HOLD_DIFFERS
   *  Repeats  same walletHoldId: the same hold
   *  Undo     free */
  hold: step(
    z.strictObject({
      walletHoldId: id("whd"),
      accountId: id("acc"),
      amount: Price,
      reference: Reference,
      overdraws: z.literal(true).optional(),
    }),
    Done,
    { who: "module", undo: "free", refuses: [FUNDS_SHORT, WALLET_HOLD_GONE, WALLET_HOLD_DIFFERS] },
  ),

  /** Gives a hold's money back (`<walletHoldId>/free`). Of a hold that never was it leaves a tombstone: a late hold refuses.
   *  Repeats  nothing changes; a spent hold stays spent */
  free: step(HoldRef, Done, { who: "module" }),

  /** Posts an entry that takes all of a hold out of `held:`, and ends the hold.
   *  Takes    2 to 200 lines; those on `held:` add up to the hold, and none is on another's
   *  Refuses  WALLET_HOLD_GONE, WALLET_HOLD_DIFFERS (other lines on `held:`), ENTRY_UNBALANCED, ENTRY_KEY_REUSED,
   *           FUNDS_SHORT
   *  Repeats  same hold, same key, same lines: the same entry */
  spend: step(
    z.strictObject({
      walletHoldId: id("whd"),
      entryKey: EntryKey,
      kind: EntryKind,
      reference: Reference,
      lines: z.array(SpendLine).min(2).max(ENTRY_LINE_COUNT_MAX),
    }),
    Posted,
    {
      who: "module",
      refuses: [WALLET_HOLD_GONE, WALLET_HOLD_DIFFERS, ENTRY_UNBALANCED, ENTRY_KEY_REUSED, FUNDS_SHORT],
    },
  ),

  /** What many accounts hold.
   *  Takes    1 to 200 accounts
   *  Gives    in the order given, one sum a currency that the account ever saw */
  balances: read(
    z.strictObject({ accounts: z.array(LedgerAccount).min(1).max(200) }),
    z.object({ balances: z.array(z.object({ account: z.string(), sums: z.array(Sum) })) }),
    { who: "module" },
  ),

  /** The entries about one thing, oldest first. */
  entries: read(z.strictObject({ reference: Reference }), z.object({ entries: z.array(Entry) }), {
    who: "operator",
  }),

  /** What an account holds, from its entries.
   *  Takes    at: only entries posted until then
   *  Gives    one sum a currency that it ever saw */
  balance: read(
    z.strictObject({ account: LedgerAccount, at: Instant.optional() }),
    z.object({ balances: z.array(Sum) }),
    { who: "operator" },
  ),

  /** The standing invariant: entries that do not add up, balances that are not the sum of their lines or of their holds.
   *  Gives    two empty lists, or an alarm; and the wallets that are overdrawn, which is none */
  audit: read(
    z.strictObject({}),
    z.object({
      unbalanced: z.array(z.string()),
      drifted: z.array(z.string()),
      negative: z.array(z.string()),
    }),
    { who: "operator" },
  ),
});
