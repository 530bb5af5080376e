import { type Stock, StockRefusals } from "@shopnexus/contracts/inventory/stock";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel, type Sql } from "./rows.ts";
import { levelOf } from "./rules.ts";

export const receive: Step<typeof Stock, "receive"> = async (receipt, { db, who }) => {
  const { accountId } = accountOf(who);
  await insertReceipt(db.$client, receipt, accountId);
  const level = await findOwnLevel(db.$client, receipt.skuId, accountId);
  const booked = await findReceipt(db.$client, receipt);
  if (booked !== receipt.pieces) throw refuse(StockRefusals.RECEIPT_DIFFERS, {});
  return levelOf(level);
};

type Receipt = In<typeof Stock, "receive">;

/** Books the receipt and raises the level, once. Leans on level_pkey, movement_once_a_reason. */
const insertReceipt = async (tx: Sql, receipt: Receipt, sellerId: string): Promise<void> => {
  await tx`
    with booked as (
      insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
      select ${receipt.receiptId}, sku_id, 'receive', ${receipt.pieces}::int, 0, 0, ${sellerId}
      from inventory.level where sku_id = ${receipt.skuId} and seller_id = ${sellerId}
      on conflict do nothing
      returning sku_id, on_hand_delta
    )
    update inventory.level set on_hand = on_hand + on_hand_delta from booked where level.sku_id = booked.sku_id`;
};

/** The pieces that were booked under this receipt. Leans on movement_once_a_reason. */
const findReceipt = async (tx: Sql, { receiptId, skuId }: Receipt): Promise<number | undefined> => {
  const rows = await tx<{ pieces: number }[]>`
    select on_hand_delta as pieces from inventory.movement
    where reference = ${receiptId} and sku_id = ${skuId} and reason = 'receive'`;
  return rows[0]?.pieces;
};
