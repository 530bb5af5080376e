import { type Stock, StockRefusals } from "@shopnexus/contracts/inventory/stock";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { endDip } from "../supply/rows.ts";
import { findOwnLevel, type Sql, type TxSql } from "./rows.ts";
import { levelOf } from "./rules.ts";

export const book: Step<typeof Stock, "book"> = async (receipt, { db }) => {
  await db.$client.begin(async (tx) => {
    if (await insertReceipt(tx, receipt)) await endDip(tx, receipt.skuId);
  });
  const level = await findOwnLevel(db.$client, receipt.skuId, receipt.sellerId);
  const booked = await findReceipt(db.$client, receipt);
  if (booked !== receipt.pieces) throw refuse(StockRefusals.RECEIPT_DIFFERS, {});
  return levelOf(level);
};

type Receipt = In<typeof Stock, "book">;

/** Books the receipt and raises the level, once; whether it did. Leans on level_pkey, movement_once_a_reason. */
const insertReceipt = async (tx: TxSql, receipt: Receipt): Promise<boolean> => {
  const rows = await tx`
    with booked as (
      insert into inventory.movement (reference, sku_id, reason, on_hand_delta, held_delta, sold_delta, actor)
      select ${receipt.receiptId}, sku_id, 'receive', ${receipt.pieces}::int, 0, 0, seller_id
      from inventory.level where sku_id = ${receipt.skuId} and seller_id = ${receipt.sellerId}
      on conflict do nothing
      returning sku_id, on_hand_delta
    )
    update inventory.level set on_hand = on_hand + on_hand_delta from booked where level.sku_id = booked.sku_id
    returning level.sku_id`;
  return rows.length > 0;
};

/** The pieces that were booked under this receipt. Leans on movement_once_a_reason. */
const findReceipt = async (tx: Sql, { receiptId, skuId }: Receipt): Promise<number | undefined> => {
  const rows = await tx<{ pieces: number }[]>`
    select on_hand_delta as pieces from inventory.movement
    where reference = ${receiptId} and sku_id = ${skuId} and reason = 'receive'`;
  return rows[0]?.pieces;
};
