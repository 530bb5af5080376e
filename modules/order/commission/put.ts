import type { Commission } from "@shopnexus/contracts/order/commission";
import type { Tx } from "#db/_kit/database.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { commissionRule } from "#db/order/payouts.ts";
import { sha256 } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { insertRule, isPutBy, newestOf } from "./rows.ts";
import { columnsOf, isSame, type RuleRow, scopeText, toRule } from "./rules.ts";

export const put: Step<typeof Commission, "put"> = ({ scope, terms }, { db, who, callKey }) => {
  const row = {
    scope: scopeText(scope),
    ...columnsOf(terms),
    putBy: actorOf(who),
    putByCall: sha256(callKey),
  };
  return inTransaction(db, async (tx) => toRule(await append(tx, row)));
};

type NewRule = Omit<typeof commissionRule.$inferInsert, "version"> & ReturnType<typeof columnsOf>;

/** Of several at once each finds what the one before has written, and none is lost. */
const append = async (tx: Tx, row: NewRule): Promise<RuleRow> => {
  for (;;) {
    const newest = await newestOf(tx, row.scope);
    if (newest !== undefined && (isSame(newest, row) || (await isPutBy(tx, row.putByCall)))) return newest;
    const written = await insertRule(tx, { ...row, version: (newest?.version ?? 0) + 1 });
    if (written !== undefined) return written;
  }
};
