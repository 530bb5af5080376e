import { type Shelf, ShelfRefusals } from "@shopnexus/contracts/inventory/shelf";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { placeOf } from "../location/rows.ts";
import { findOwnLevel, type LevelRow, type TxSql } from "../stock/rows.ts";
import { levelOf } from "../stock/rules.ts";
import { endDip } from "../supply/rows.ts";
import { bookMove, findMove, listShelves, lockOwnLevel, lockShelves } from "./rows.ts";
import { isSameMove, shortageOf, standingAt } from "./rules.ts";

export const correct: Step<typeof Shelf, "correct"> = async (asked, { db }) => {
  const { sellerId, skuId } = asked;
  await db.$client.begin(async (tx) => {
    const level = await lockOwnLevel(tx, skuId, sellerId);
    const locationId = await placeOf(tx, sellerId, asked.locationId);
    await adjustOnce(tx, level, { asked, locationId });
  });
  return levelOf(await findOwnLevel(db.$client, skuId, sellerId));
};

/** An adjustment, and the location that it means. */
type Placed = { readonly asked: In<typeof Shelf, "correct">; readonly locationId: string };

/** Whether it was here before is settled by the lock on the level. */
const adjustOnce = async (tx: TxSql, level: LevelRow, { asked, locationId }: Placed): Promise<void> => {
  const { adjustmentId, sellerId, skuId, delta, cause } = asked;
  const key = { reference: adjustmentId, skuId, reason: "adjust" as const };
  const before = await findMove(tx, key);
  if (before !== undefined) {
    if (isSameMove(before, asked)) return;
    throw refuse(ShelfRefusals.ADJUSTMENT_DIFFERS, {});
  }
  await lockShelves(tx, [skuId]);
  const standing = standingAt(await listShelves(tx, skuId), locationId);
  const shortage = shortageOf(level, standing, delta);
  if (shortage !== undefined) throw shortage;
  await bookMove(tx, { ...key, locationId, delta, cause, actor: sellerId });
  await endDip(tx, skuId);
};
