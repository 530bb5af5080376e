import { sql } from "drizzle-orm";
import { money } from "@shopnexus/contracts/kit/money";
import { RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { PayoutRefusals } from "@shopnexus/contracts/order/payout";
import type { Transfer } from "@shopnexus/contracts/order/transfer";
import type { Db } from "#db/_kit/database.ts";
import { payout } from "#db/order/payouts.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { payoutsOf } from "../payout/bank/banks.ts";
import type { Payouts } from "../payout/bank/port.ts";
import { findPayout, movePayout } from "./rows.ts";
import type { PayoutRow } from "./rules.ts";

/** Marked first, then asked for, then written down: stopped anywhere, the repeat goes on from the mark. */
export const send: Step<typeof Transfer, "send"> = async ({ payoutId }, { db, settings }) => {
  const marked = await movePayout(
    db,
    { payoutId, from: ["cleared", "sending"] },
    { state: "sending", sendCount: sql`${payout.sendCount} + 1` },
  );
  if (marked !== undefined) await writeDown(db, marked, await ask(payoutsOf(settings), marked));
  const row = await findPayout(db, payoutId);
  if (row?.state === "failed" && row.refused !== null) throw new RefusalError(row.refused);
  assert(row?.state === "sent" || row?.state === "reversed", "a payout is cleared before it is sent");
  return { provider: row.provider };
};

/** A second time the provider is asked first what became of the first: keys are forgotten after a day, transfers never. */
const ask = async (payouts: Payouts, row: PayoutRow): ReturnType<Payouts["send"]> => {
  const { payoutId, destination, amountMinor, currency } = row;
  const known = row.sendCount > 1 ? await payouts.find(payoutId) : undefined;
  return known ?? payouts.send({ payoutId, destination, amount: money(amountMinor, currency) });
};

const writeDown = async (
  db: Db,
  { payoutId }: PayoutRow,
  answer: Awaited<ReturnType<Payouts["send"]>>,
): Promise<void> => {
  const place = { payoutId, from: ["sending"] } as const;
  if ("ref" in answer) {
    await movePayout(db, place, { state: "sent", transferRef: answer.ref, sentAt: sql`now()` });
    return;
  }
  const { refused } = refuse(PayoutRefusals.TRANSFER_REFUSED, { reason: answer.refusal });
  await movePayout(db, place, { state: "failed", refused, endedAt: sql`now()` });
};
