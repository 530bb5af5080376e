/** The one way by which pieces that have arrived are booked. */
import { type Stock, StockRefusals } from "@shopnexus/contracts/inventory/stock";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { placeOf } from "../location/rows.ts";
import { bookMove, findMove, lockOwnLevel } from "../shelf/rows.ts";
import { isSameMove } from "../shelf/rules.ts";
import type { TxSql } from "../stock/rows.ts";
import { endDip } from "../supply/rows.ts";

/** Books a receipt on level and shelf; false where it was booked before, and it was the same. */
export const bookOnce = async (tx: TxSql, receipt: In<typeof Stock, "book">): Promise<boolean> => {
  const { receiptId, sellerId, skuId, pieces } = receipt;
  await lockOwnLevel(tx, skuId, sellerId);
  const locationId = await placeOf(tx, sellerId, receipt.locationId);
  const key = { reference: receiptId, skuId, reason: "receive" as const };
  if (await bookMove(tx, { ...key, locationId, delta: pieces, actor: sellerId })) {
    await endDip(tx, skuId);
    return true;
  }
  const before = await findMove(tx, key);
  const isSame =
    before !== undefined && isSameMove(before, { locationId: receipt.locationId, delta: pieces });
  if (!isSame) throw refuse(StockRefusals.RECEIPT_DIFFERS, {});
  return false;
};
