/** What the ledger says, to the account that it is about and to whoever keeps the books. */
import { z } from "zod";
import { read, service } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { Instant } from "../_kit/time.ts";
import { Nothing } from "../_kit/word.ts";
import { EntryKind, Sum } from "./ledger.ts";

/** `available` may be spent; below zero it is owed. `held` is set aside for something that is going on. */
export const Funds = z.object({ available: Sum, held: Sum });

/** What one entry did to one part of an account, all its lines there together. */
export const StatementLine = z.object({
  at: Instant,
  kind: EntryKind,
  reference: z.string(),
  entryId: id("ent"),
  part: z.enum(["available", "held"]),
  minor: z.int(),
  currency: Currency,
  /** What that part held in that currency after the entry. */
  balanceAfter: z.int(),
});

/** `gateway`, `bank`, `escrow`, `wallet`, `held`, `platform:<purpose>`. Debits and credits are both zero or above. */
export const TrialBalanceRow = z.object({
  accounts: z.string(),
  currency: Currency,
  debitMinor: z.int(),
  creditMinor: z.int(),
});

export const Statement = service("Statement", {
  /** What the caller's account holds.
   *  Gives    one amount a currency that it ever saw */
  mine: read(Nothing, z.object({ funds: z.array(Funds) }), { who: "account", http: "GET /me/wallet" }),

  /** What happened to the caller's account, newest first, by page. */
  list: read(z.strictObject({ ...pageFields }), page(StatementLine), {
    who: "account",
    http: "GET /me/wallet/statement",
  }),

  /** All debits and credits, by class of account and currency; in each currency they come to the same.
   *  Takes    at: only entries posted until then */
  trialBalance: read(
    z.strictObject({ at: Instant.optional() }),
    z.object({ rows: z.array(TrialBalanceRow) }),
    { who: "operator" },
  ),
});
