import { and, eq, sql } from "drizzle-orm";
import type { In } from "@shopnexus/contracts/kit/contract";
import type { Charge } from "@shopnexus/contracts/order/charge";
import type { GivenBack } from "@shopnexus/contracts/order/payment";
import type { Db, Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { giveBack as giveBackTable, tender } from "#db/order/payments.ts";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import type { Settings } from "#modules/_kit/settings.ts";
import { gatewayOf } from "./gateway/gateways.ts";
import { findTender, type GiveBackRow, type TenderRow } from "./rows.ts";
import { partsOf } from "./rules.ts";

type Input = In<typeof Charge, "giveBack">;
type Promised = { readonly row: GiveBackRow; readonly by: TenderRow };

/** Promised first, with its parts; then given back at the gateway under its key; then marked. Stopped anywhere, a repeat goes on. */
export const giveBack: Step<typeof Charge, "giveBack"> = async (input, { db, settings }) => {
  const promised = await inTransaction(db, (tx) => promise(tx, input));
  const { row, by } = promised;
  const state = row.state === "promised" ? await end(db, promised, await pay(settings, promised)) : row.state;
  const { accountId, currency, gateway } = by;
  return {
    accountId,
    currency,
    gateway,
    gatewayMinor: row.gatewayMinor,
    walletMinor: row.walletMinor,
    state,
  };
};

/** Who gives back of one checkout queues at its tender; the CHECKs there say whether there was that much. */
const promise = async (tx: Tx, { key, checkoutId, orderId, minor }: Input): Promise<Promised> => {
  const by = await findTender(tx, checkoutId, "update");
  assert(by !== undefined, "only what was paid can be given back");
  const [known] = await tx.select().from(giveBackTable).where(eq(giveBackTable.key, key));
  if (known !== undefined) {
    assert(
      known.gatewayMinor + known.walletMinor === minor && known.orderId === orderId,
      "a key gives back the same in every repeat",
    );
    return { row: known, by };
  }
  const parts = partsOf(by, minor);
  assert(parts !== undefined, "callers give back no more than the lines still hold");
  const [row] = await tx
    .insert(giveBackTable)
    .values({ key, checkoutId, orderId, ...parts })
    .returning();
  await tx
    .update(tender)
    .set({
      gatewayReturnedMinor: sql`${tender.gatewayReturnedMinor} + ${parts.gatewayMinor}::bigint`,
      walletReturnedMinor: sql`${tender.walletReturnedMinor} + ${parts.walletMinor}::bigint`,
    })
    .where(eq(tender.checkoutId, checkoutId));
  assert(row !== undefined, "the tender is locked, so nobody else wrote this key");
  return { row, by };
};

const pay = async (settings: Settings, { row, by }: Promised): Promise<GivenBack["state"]> => {
  if (row.gatewayMinor === 0) return "paid";
  assert(by.gateway !== null && by.gatewayRef !== null, "a part at a gateway has a payment there");
  const amount = { minor: row.gatewayMinor, currency: by.currency };
  const answer = await gatewayOf(settings, by.gateway).refund(by.gatewayRef, amount, row.key);
  return answer === "done" ? "paid" : "left_to_bank";
};

/** What is left to the bank did not go back by our hand: the tender has room for what the bank will take. */
const end = async (db: Db, { row }: Promised, state: GivenBack["state"]): Promise<GivenBack["state"]> =>
  inTransaction(db, async (tx) => {
    const [ended] = await tx
      .update(giveBackTable)
      .set({ state, ...(state === "paid" && { paidAt: sql`now()` }) })
      .where(and(eq(giveBackTable.key, row.key), eq(giveBackTable.state, "promised")))
      .returning();
    if (ended !== undefined && state === "left_to_bank") {
      await tx
        .update(tender)
        .set({ gatewayReturnedMinor: sql`${tender.gatewayReturnedMinor} - ${row.gatewayMinor}::bigint` })
        .where(eq(tender.checkoutId, row.checkoutId));
    }
    const [now] = await tx.select().from(giveBackTable).where(eq(giveBackTable.key, row.key));
    assert(now !== undefined && now.state !== "promised", "it was ended just above, or by a repeat before");
    return now.state;
  });
