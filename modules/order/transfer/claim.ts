import { and, desc, eq } from "drizzle-orm";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { type Transfer, TransferRefusals } from "@shopnexus/contracts/order/transfer";
import type { Db } from "#db/_kit/database.ts";
import { once } from "#db/_kit/once.ts";
import { bankAccount, payout } from "#db/order/payouts.ts";
import { assert } from "#modules/_kit/assert.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { PROVIDER } from "../payout/bank/banks.ts";
import { findPayout } from "./rows.ts";
import { type PayoutRow, toView, unitsOf } from "./rules.ts";

type Input = In<typeof Transfer, "claim">;

/** The row of a repeat is looked at first: what was asked for once stands, whatever the minimum is by now. */
export const claim: Step<typeof Transfer, "claim"> = async (input, { db, settings }) => {
  const payoutId = deriveId("pay", input.accountId, input.requestKey);
  const known = (await findPayout(db, payoutId)) ?? (await write(db, settings, { ...input, payoutId }));
  const { amount } = input;
  if (known.amountMinor !== amount.minor || known.currency !== amount.currency)
    throw refuse(TransferRefusals.PAYOUT_KEY_REUSED, {});
  return toView(known);
};

const write = async (
  db: Db,
  { payouts }: Settings,
  { amount, ...input }: Input & { payoutId: string },
): Promise<PayoutRow> => {
  const { minor, currency } = amount;
  const minimum = unitsOf(payouts.minimumUnits, currency);
  if (minor < minimum.minor || minor === 0) throw refuse(TransferRefusals.PAYOUT_TOO_SMALL, { minimum });
  const bank = await bankOf(db, input.accountId, currency);
  const needsApproval = minor >= unitsOf(payouts.approvalUnits, currency).minor;
  await once(db, payout, {
    ...input,
    ...bank,
    amountMinor: minor,
    currency,
    provider: PROVIDER,
    needsApproval,
  });
  const row = await findPayout(db, input.payoutId);
  assert(row !== undefined, "it was written above, or by a repeat before");
  return row;
};

/** Where money in a currency goes now. Leans on the primary key, from its end. */
const bankOf = async (db: Db, accountId: string, currency: string) => {
  const [bank] = await db
    .select({ destination: bankAccount.destination, holder: bankAccount.holder, last4: bankAccount.last4 })
    .from(bankAccount)
    .where(and(eq(bankAccount.accountId, accountId), eq(bankAccount.currency, currency)))
    .orderBy(desc(bankAccount.version))
    .limit(1);
  if (bank === undefined) throw refuse(TransferRefusals.BANK_MISSING, { currency });
  return bank;
};
