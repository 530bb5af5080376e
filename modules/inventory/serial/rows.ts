/** SQL that the verbs of serial numbers share. */
import type { SerialState } from "@shopnexus/contracts/inventory/serial";
import type { Fragment, Sql, TxSql } from "../stock/rows.ts";
import { stepsOf, type TRANSITIONS } from "./rules.ts";

/** How many of a SKU's are free. Leans on serial_next. */
export const countFree = async (tx: Sql, skuId: string): Promise<number> => {
  const rows = await tx<{ count: number }[]>`
    select count(*)::int as count from inventory.serial where sku_id = ${skuId} and state = 'free'`;
  return rows[0]?.count ?? 0;
};

export type Said = {
  readonly event: Exclude<keyof typeof TRANSITIONS, "take">;
  readonly actor: string;
  readonly note?: string | undefined;
};

/**
 * Says something of the serial numbers that `those` picks, in the row locks' own time: of those in other states than the
 * table allows nothing changes. Each that changes has its line in the history.
 */
export const changeSerials = async (
  tx: Sql | TxSql,
  { event, actor, note }: Said,
  those: Fragment,
): Promise<{ serial: string; state: SerialState }[]> => {
  const { from, to } = stepsOf(event);
  return tx<{ serial: string; state: SerialState }[]>`
    with those as (
      select sku_id, serial, line_id from inventory.serial
      where ${those} order by sku_id, position for update
    ),
    changed as (
      update inventory.serial set state = step.to_state, taken_at = case when ${event} = 'ship' then taken_at end,
        line_id = case when ${event} = 'ship' then serial.line_id end
      from those, unnest(${from}::text[], ${to}::text[]) as step(from_state, to_state)
      where serial.sku_id = those.sku_id and serial.serial = those.serial and state = step.from_state
      returning serial.sku_id, serial.serial, state, those.line_id
    ),
    told as (
      insert into inventory.serial_event (sku_id, serial, event, state, line_id, note, actor)
      select sku_id, serial, ${event}, state, line_id, ${note ?? null}, ${actor} from changed
    )
    select serial, state from changed`;
};
