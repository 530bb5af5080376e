import { type Purchase, PurchaseRefusals } from "@shopnexus/contracts/inventory/purchase";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import type { TxSql } from "../stock/rows.ts";
import { sayYes } from "./acknowledge.ts";

/** A code of sixteen random bytes is not guessed; a wrong one is as unknown as no order. */
export const answer: Step<typeof Purchase, "answer"> = async ({ purchaseId, code }, { db }) => {
  await db.$client.begin(async (tx) => {
    if (!(await isSentWith(tx, purchaseId, code))) throw refuse(PurchaseRefusals.PURCHASE_UNKNOWN, {});
    await sayYes(tx, { purchaseId });
  });
  return {};
};

/** Leans on purchase_pkey. */
const isSentWith = async (tx: TxSql, purchaseId: string, code: string): Promise<boolean> => {
  const rows = await tx`
    select from inventory.purchase where purchase_id = ${purchaseId} and code = ${code} and sent_at is not null`;
  return rows.length > 0;
};
