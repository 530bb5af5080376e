import type { Drop } from "@shopnexus/contracts/inventory/drop";
import type { Step } from "#modules/_kit/handler.ts";
import type { Sql, TxSql } from "../stock/rows.ts";
import { admitAll, lockDrop, stopEntries } from "./rows.ts";

export const draw: Step<typeof Drop, "draw"> = async (_nothing, { db }) => {
  let drawnCount = 0;
  for (const dropId of await listDue(db.$client)) {
    const isDrawn = await db.$client.begin((tx) => drawOne(tx, dropId));
    if (isDrawn) drawnCount += 1;
  }
  return { drawnCount };
};

/** Leans on drop_running. */
const listDue = async (tx: Sql): Promise<string[]> => {
  const rows = await tx<{ dropId: string }[]>`
    select drop_id as "dropId" from inventory.drop
    where state = 'announced' and room = 'draw' and draws_at <= now() and drawn_at is null order by draws_at`;
  return rows.map(({ dropId }) => dropId);
};

/** The SKUs are locked first: whoever enters is in the draw, or is told that it is over. */
const drawOne = async (tx: TxSql, dropId: string): Promise<boolean> => {
  const places = await lockDrop(tx, dropId);
  await stopEntries(tx, dropId);
  const drawn = await tx`
    update inventory.drop set drawn_at = now() where drop_id = ${dropId} and drawn_at is null returning drop_id`;
  if (drawn.length === 0) return false;
  await tx`
    update inventory.ticket set position = place.position
    from (
      select ticket_id, row_number() over (
        order by sha256(convert_to(seed || ':' || ticket_id, 'UTF8')), ticket_id
      ) as position
      from inventory.ticket join inventory.drop using (drop_id) where ticket.drop_id = ${dropId}
    ) as place
    where ticket.ticket_id = place.ticket_id`;
  for (const place of places) await admitAll(tx, place);
  return true;
};
