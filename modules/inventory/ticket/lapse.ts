import type { Ticket } from "@shopnexus/contracts/inventory/ticket";
import type { Gate } from "#modules/_kit/gate.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { admitNext, letGo, lockPlaces, type Place } from "../_kit/places.ts";
import type { Sql, TxSql } from "../stock/rows.ts";
import { giveUp } from "./rows.ts";

export const lapse: Step<typeof Ticket, "lapse"> = async ({ limit }, { db, gate }) => {
  const due = await listDue(db.$client, limit);
  const unused = due.filter(({ checkoutId }) => checkoutId === null);
  let lapsedCount = 0;
  for (const group of byPlace(unused)) {
    const lapsed = await db.$client.begin((tx) => letLapse(tx, group));
    await gate?.remove(group.dropId, lapsed);
    lapsedCount += lapsed.length;
  }
  for (const { dropId, ticketId, checkoutId } of due) {
    if (checkoutId !== null && (await giveUpLate(db.$client, gate, { dropId, ticketId, checkoutId })))
      lapsedCount += 1;
  }
  return { lapsedCount };
};

type Due = Place & { readonly ticketId: string; readonly checkoutId: string | null };

/** Leans on ticket_due. */
const listDue = (tx: Sql, limit: number): Promise<Due[]> => tx<Due[]>`
  select ticket_id as "ticketId", drop_id as "dropId", sku_id as "skuId", checkout_id as "checkoutId"
  from inventory.ticket where state in ('admitted', 'checked_out') and expires_at <= now()
  order by expires_at limit ${limit}`;

type Group = Place & { readonly ticketIds: readonly string[] };

const byPlace = (due: readonly Due[]): Group[] =>
  [...Map.groupBy(due, ({ dropId, skuId }) => `${dropId}/${skuId}`).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [{ dropId: first.dropId, skuId: first.skuId, ticketIds: group.map(({ ticketId }) => ticketId) }];
  });

/** One that was claimed meanwhile is not in this state any more; one that came back has a time of its own again. */
const letLapse = async (tx: TxSql, { dropId, skuId, ticketIds }: Group): Promise<string[]> => {
  await lockPlaces(tx, { dropId, skuId });
  const due = await tx<{ ticketId: string }[]>`
    select ticket_id as "ticketId" from inventory.ticket
    where ticket_id = any (${[...ticketIds]}) and state = 'admitted' and expires_at <= now()
    order by ticket_id for no key update`;
  const lapsed = await letGo(tx, {
    dropId,
    skuId,
    ticketIds: due.map(({ ticketId }) => ticketId),
    state: "admitted",
  });
  await admitNext(tx, { dropId, skuId });
  return lapsed;
};

type Late = { readonly dropId: string; readonly ticketId: string; readonly checkoutId: string };

const giveUpLate = async (tx: Sql, gate: Gate | undefined, { dropId, ...use }: Late): Promise<boolean> => {
  const isFree = await giveUp(tx, use);
  if (isFree) await gate?.remove(dropId, [use.ticketId]);
  return isFree;
};
