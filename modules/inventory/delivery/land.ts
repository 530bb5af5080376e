import type { Delivery } from "@shopnexus/contracts/inventory/delivery";
import { StockRefusals } from "@shopnexus/contracts/inventory/stock";
import type { In } from "@shopnexus/contracts/kit/contract";
import { RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { bookOnce } from "../_kit/receipts.ts";
import type { TxSql } from "../stock/rows.ts";
import { inLockOrder } from "../stock/rules.ts";
import { findPurchase, type Locked, lockPurchase } from "../purchase/rows.ts";
import { landedIn, nextState } from "../purchase/rules.ts";

/** The order is locked first, then level after level by SKU. */
export const land: Step<typeof Delivery, "land"> = (delivery, { db }) =>
  db.$client.begin(async (tx) => {
    const { purchaseId, sellerId } = delivery;
    const purchase = await lockPurchase(tx, { purchaseId, sellerId });
    const next = nextState(purchase.state, "land");
    if (next instanceof RefusalError) throw next;
    const hasCome = await bookLines(tx, purchase, delivery);
    const { lines } = await findPurchase(tx, { purchaseId });
    if (hasCome) await setState(tx, purchaseId, landedIn(next, lines));
    return findPurchase(tx, { purchaseId });
  });

type Landed = In<typeof Delivery, "land">;

/** Each line as a receipt of its own, by the way that every receipt goes; whether any of them is new. */
const bookLines = async (tx: TxSql, { locationId }: Locked, delivery: Landed): Promise<boolean> => {
  const { purchaseId, deliveryId, sellerId } = delivery;
  let hasCome = false;
  for (const { skuId, pieces } of inLockOrder(delivery.lines)) {
    const receipt = { receiptId: `${purchaseId}.${deliveryId}`, sellerId, skuId, pieces };
    if (!(await bookOnce(tx, { ...receipt, ...(locationId !== null && { locationId }) }))) continue;
    hasCome = true;
    await addReceived(tx, purchaseId, { skuId, pieces });
  }
  return hasCome;
};

/** Leans on purchase_line_once_a_sku. */
const addReceived = async (
  tx: TxSql,
  purchaseId: string,
  { skuId, pieces }: { skuId: string; pieces: number },
): Promise<void> => {
  const { count } = await tx`
    update inventory.purchase_line set received_pieces = received_pieces + ${pieces}
    where purchase_id = ${purchaseId} and sku_id = ${skuId}`;
  if (count === 0) throw refuse(StockRefusals.SKU_UNKNOWN, { skuIds: [skuId] });
};

const setState = async (tx: TxSql, purchaseId: string, state: string): Promise<void> => {
  await tx`
    update inventory.purchase set state = ${state},
      ended_at = case when ${state} = 'received' then coalesce(ended_at, now()) else ended_at end
    where purchase_id = ${purchaseId}`;
};
