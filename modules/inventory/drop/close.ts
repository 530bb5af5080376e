import type { Drop } from "@shopnexus/contracts/inventory/drop";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { letGo } from "../_kit/places.ts";
import type { Sql, TxSql } from "../stock/rows.ts";
import { listSkus, lockDrop, shelve, stopEntries } from "./rows.ts";

export const close: Step<typeof Drop, "close"> = async (_nothing, { db, who, gate }) => {
  let closedCount = 0;
  for (const dropId of await listDue(db.$client)) {
    const { ended, isClosed } = await db.$client.begin((tx) => endOne(tx, dropId, actorOf(who)));
    await gate?.remove(dropId, ended);
    if (isClosed) closedCount += 1;
  }
  return { closedCount };
};

/** Leans on drop_running. */
const listDue = async (tx: Sql): Promise<string[]> => {
  const rows = await tx<{ dropId: string }[]>`
    select drop_id as "dropId" from inventory.drop where state = 'announced' and ends_at <= now() order by ends_at`;
  return rows.map(({ dropId }) => dropId);
};

const endOne = async (tx: TxSql, dropId: string, actor: string) => {
  const ended: string[] = [];
  for (const place of await lockDrop(tx, dropId)) {
    const waiting = await tx<{ ticketId: string }[]>`
      select ticket_id as "ticketId" from inventory.ticket
      where drop_id = ${dropId} and sku_id = ${place.skuId} and state = 'waiting'`;
    const ticketIds = waiting.map(({ ticketId }) => ticketId);
    ended.push(...(await letGo(tx, { ...place, ticketIds, state: "waiting" })));
  }
  await stopEntries(tx, dropId);
  const isInHand = (await listSkus(tx, dropId)).some(({ taken }) => taken > 0);
  return { ended, isClosed: !isInHand && (await shelve(tx, { dropId, actor, state: "closed" })) };
};
