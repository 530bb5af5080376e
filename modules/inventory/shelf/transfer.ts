import { type Shelf, ShelfRefusals } from "@shopnexus/contracts/inventory/shelf";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { placeOf } from "../location/rows.ts";
import type { LevelRow, TxSql } from "../stock/rows.ts";
import { bookMove, findMove, listShelves, lockOwnLevel, lockShelves } from "./rows.ts";
import { isSameMove, standingAt, strandedOf } from "./rules.ts";

export const transfer: Step<typeof Shelf, "transfer"> = async (asked, { db, who }) => {
  const { accountId } = accountOf(who);
  const { skuId, fromId, toId } = asked;
  return db.$client.begin(async (tx) => {
    const level = await lockOwnLevel(tx, skuId, accountId);
    for (const locationId of [fromId, toId]) await placeOf(tx, accountId, locationId);
    await moveOnce(tx, level, asked);
    return { skuId, shelves: [...(await listShelves(tx, skuId))] };
  });
};

/** Whether it was here before is settled by the lock on the level. In before out: a level never dips below what is sold. */
const moveOnce = async (tx: TxSql, level: LevelRow, asked: In<typeof Shelf, "transfer">): Promise<void> => {
  const { transferId: reference, skuId, pieces, fromId, toId } = asked;
  const out = { reference, skuId, locationId: fromId, delta: -pieces, reason: "move_out" as const };
  const into = { reference, skuId, locationId: toId, delta: pieces, reason: "move_in" as const };
  const before = [await findMove(tx, out), await findMove(tx, into)];
  if (before[0] !== undefined && before[1] !== undefined) {
    if (isSameMove(before[0], out) && isSameMove(before[1], into)) return;
    throw refuse(ShelfRefusals.TRANSFER_DIFFERS, {});
  }
  await lockShelves(tx, [skuId]);
  const shortage = strandedOf(level, standingAt(await listShelves(tx, skuId), fromId), pieces);
  if (shortage !== undefined) throw shortage;
  for (const move of [into, out]) await bookMove(tx, { ...move, actor: level.sellerId });
};
