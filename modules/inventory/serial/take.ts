import { type Serial, SerialRefusals } from "@shopnexus/contracts/inventory/serial";
import type { In } from "@shopnexus/contracts/kit/contract";
import { RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { pick } from "../_kit/picks.ts";
import type { Sql, TxSql } from "../stock/rows.ts";
import { countFree } from "./rows.ts";
import { againOf, type Take, TRANSITIONS } from "./rules.ts";

export const take: Step<typeof Serial, "take"> = async (asked, { db, who }) => {
  const line = { ...asked, actor: actorOf(who) };
  // Past those that others have in hand; only when that is not enough it waits for what they leave.
  for (const mayWait of [false, true]) {
    const serials = await db.$client.begin((tx) => takeAndPick(tx, line, mayWait));
    if (serials !== undefined) return { serials };
    const before = await findTake(db.$client, line.lineId);
    if (before !== undefined) return answerAgain(before);
  }
  throw refuse(SerialRefusals.SERIALS_SHORT, {
    needed: line.pieces,
    free: await countFree(db.$client, line.skuId),
  });
};

type Line = In<typeof Serial, "take"> & { readonly actor: string };

/** The line's pieces leave their shelves with the numbers that they take. */
const takeAndPick = async (tx: TxSql, line: Line, mayWait: boolean): Promise<string[] | undefined> => {
  const serials = await takeFree(tx, line, mayWait);
  if (serials !== undefined) await pick(tx, line);
  return serials;
};

const answerAgain = (before: Take): { serials: string[] } => {
  const answer = againOf(before);
  if (answer instanceof RefusalError) throw answer;
  return answer;
};

/**
 * Takes a number for each piece, or none where the SKU has none, and writes down that this line has: all in one
 * statement, which changes nothing when there are too few or the line was here before; then undefined. In the order of
 * their positions, so that two who wait never wait for each other. Leans on serial_next, take_pkey.
 */
const takeFree = async (
  tx: TxSql,
  { lineId, skuId, pieces, actor }: Line,
  mayWait: boolean,
): Promise<string[] | undefined> => {
  const rows = await tx<{ isMade: boolean; serials: string[] }[]>`
    with wanted as (
      select coalesce((select has_serials from inventory.setting where sku_id = ${skuId}), false)::int * ${pieces}::int
        as pieces
    ),
    free as (
      select serial, position from inventory.serial where sku_id = ${skuId} and state = 'free'
      order by position limit (select pieces from wanted)
      ${mayWait ? tx`for update` : tx`for update skip locked`}
    ),
    made as (
      insert into inventory.take (line_id, state, taken_at)
      select ${lineId}, 'taken', now() from wanted
      where pieces = (select count(*) from free) and not exists (
        select from inventory.take where line_id = ${lineId}
      )
      on conflict do nothing
      returning line_id
    ),
    done as (
      update inventory.serial set state = ${TRANSITIONS.take.free}, line_id = made.line_id, taken_at = now()
      from made, free where sku_id = ${skuId} and serial.serial = free.serial
      returning sku_id, serial.serial, state, serial.line_id
    ),
    told as (
      insert into inventory.serial_event (sku_id, serial, event, state, line_id, actor)
      select sku_id, serial, 'take', state, line_id, ${actor} from done
    )
    select exists (select from made) as "isMade",
      (select coalesce(json_agg(serial order by position), '[]') from free) as serials`;
  return rows[0]?.isMade === true ? rows[0].serials : undefined;
};

/** Leans on take_pkey, serial_of_line. */
const findTake = async (tx: Sql, lineId: string): Promise<Take | undefined> => {
  const rows = await tx<Take[]>`
    select state, (
      select coalesce(json_agg(serial order by position), '[]') from inventory.serial where line_id = ${lineId}
    ) as serials
    from inventory.take where line_id = ${lineId}`;
  return rows[0];
};
