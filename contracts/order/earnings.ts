/** What a seller does with what the sales brought: where it goes, when, and how much of it. */
import { z } from "zod";
import { WalletRefusals } from "../account/wallet.ts";
import { op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency, Price } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { CommonRefusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Done, Nothing, text } from "../_kit/word.ts";
import { PayoutRefusals, PayoutState, PayoutView } from "./payout.ts";
import { TransferRefusals } from "./transfer.ts";

/** The seller's own name for one payout: a fresh random value a click, the same one for every repeat of it. */
export const RequestKey = z.string().regex(/^[A-Za-z0-9_-]{8,80}$/);

/** An account at the payout provider; it knows the bank behind it, of which we keep the last four characters. */
export const BankAccount = z.strictObject({
  currency: Currency,
  holder: text(120),
  destination: z.string().regex(/^acct_[A-Za-z0-9]{1,60}$/),
  last4: z.string().regex(/^[0-9A-Za-z]{4}$/),
});
export type BankAccount = z.infer<typeof BankAccount>;
const BankChange = z.object({ ...BankAccount.shape, changedBy: z.string(), changedAt: Instant });

/** Everything available above the minimum, at 06:00 UTC. Weekdays as in ISO 8601: 1 is Monday. */
export const PayoutSchedule = z.discriminatedUnion("every", [
  z.strictObject({ every: z.literal("manual") }),
  z.strictObject({ every: z.literal("daily") }),
  z.strictObject({ every: z.literal("weekly"), weekday: z.int().min(1).max(7) }),
  z.strictObject({ every: z.literal("monthly"), day: z.int().min(1).max(28) }),
]);
export type PayoutSchedule = z.infer<typeof PayoutSchedule>;
const ScheduleView = z.object({ schedule: PayoutSchedule, nextAt: Instant.nullable() });

export const DUE_COUNT_MAX = 200;
const Due = z.strictObject({
  accountId: id("acc"),
  dueAt: Instant,
  currencies: z.array(Currency).max(200),
});
export type Due = z.infer<typeof Due>;

export const Earnings = service("Earnings", {
  /** Says where the caller's money in one currency goes from now on; payouts that were asked for before keep theirs.
   *  Repeats  the same again: nothing changes; a late repeat does not undo a later change */
  putBank: step(BankAccount, BankAccount, { who: "seller", http: "PUT /me/banks/{currency}" }),

  /** Where the caller's money goes, one a currency. */
  banks: read(Nothing, z.object({ banks: z.array(BankAccount) }), { who: "seller", http: "GET /me/banks" }),

  /** Everything that an account's bank accounts ever were, and who said so, newest first, by page. */
  bankHistory: read(z.strictObject({ accountId: id("acc"), ...pageFields }), page(BankChange), {
    who: "operator",
  }),

  /** Says when the caller is paid without asking.
   *  Repeats  the same again: nothing changes */
  putSchedule: step(z.strictObject({ schedule: PayoutSchedule }), ScheduleView, {
    who: "seller",
    http: "PUT /me/payout-schedule",
  }),

  /** When the caller is paid without asking; by hand only, unless another schedule was put. */
  schedule: read(Nothing, ScheduleView, { who: "seller", http: "GET /me/payout-schedule" }),

  /** Pays the caller out: holds the money, and answers when it is held.
   *  Takes    requestKey 8 to 80 characters; an amount that is in the wallet
   *  Refuses  PAYOUT_KEY_REUSED, PAYOUT_TOO_SMALL, BANK_MISSING, FUNDS_SHORT, ACCOUNT_SUSPENDED
   *  Repeats  same requestKey, same amount: the same payout, for ever */
  withdraw: op(z.strictObject({ requestKey: RequestKey, amount: Price }), PayoutView, {
    who: "seller",
    refuses: [
      TransferRefusals.PAYOUT_KEY_REUSED,
      TransferRefusals.PAYOUT_TOO_SMALL,
      TransferRefusals.BANK_MISSING,
      WalletRefusals.FUNDS_SHORT,
      CommonRefusals.ACCOUNT_SUSPENDED,
    ],
    http: "POST /me/payouts",
  }),

  /** One payout of the caller's.
   *  Refuses  PAYOUT_UNKNOWN, also for somebody else's */
  read: read(z.strictObject({ payoutId: id("pay") }), PayoutView, {
    who: "seller",
    refuses: [PayoutRefusals.PAYOUT_UNKNOWN],
    http: "GET /me/payouts/{payoutId}",
  }),

  /** The caller's payouts, newest first, by page. */
  list: read(z.strictObject({ ...pageFields }), page(PayoutView), { who: "seller", http: "GET /me/payouts" }),

  /** Payouts of everybody or of one account, newest first, by page.
   *  Takes    state, accountId: all when absent */
  find: read(
    z.strictObject({ state: PayoutState.optional(), accountId: id("acc").optional(), ...pageFields }),
    page(PayoutView),
    { who: "operator", http: "GET /payouts" },
  ),

  /** Sends for everybody who is due by schedule. */
  payDue: op(Nothing, Done, { who: "module" }),

  /** Pays out all that an account has available, in each currency that has a bank account and is above the minimum.
   *  Repeats  same dueAt: one payout a currency */
  payAll: op(Due, Done, { who: "module" }),

  /** Takes schedules that are due, and moves each on to its next time. Of two at once, no two take the same.
   *  Takes    limit 1 to 200
   *  Repeats  the same call: the same schedules */
  claimDue: step(
    z.strictObject({ limit: z.int().min(1).max(DUE_COUNT_MAX) }),
    z.object({ due: z.array(Due) }),
    { who: "module" },
  ),
});
