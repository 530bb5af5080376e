import { type Serial, SerialRefusals, type SerialTrace } from "@shopnexus/contracts/inventory/serial";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel, type Sql } from "../stock/rows.ts";

export const trace: Step<typeof Serial, "trace"> = async ({ skuId, serial }, { db, who }) => {
  await findOwnLevel(db.$client, skuId, accountOf(who).accountId);
  const found = await findTrace(db.$client, skuId, serial);
  if (found === undefined) throw refuse(SerialRefusals.SERIAL_UNKNOWN, { serials: [serial] });
  return found;
};

/** Leans on serial_once_a_sku, serial_event_in_order, movement_once_a_reason. */
const findTrace = async (tx: Sql, skuId: string, serial: string): Promise<SerialTrace | undefined> => {
  const rows = await tx<SerialTrace[]>`
    select sku_id as "skuId", serial, state, line_id as "lineId",
      (
        select json_build_object('receiptId', reference, 'pieces', on_hand_delta, 'locationId', location_id,
          'receivedAt', to_json(moved_at at time zone 'utc') #>> '{}' || 'Z')
        from inventory.movement
        where reference = serial.receipt_id and movement.sku_id = serial.sku_id and reason = 'receive'
      ) as receipt,
      (
        select coalesce(json_agg(json_build_object('event', event, 'state', event.state, 'lineId', event.line_id,
          'note', note, 'actor', actor, 'at', to_json(happened_at at time zone 'utc') #>> '{}' || 'Z')
          order by event.position), '[]')
        from inventory.serial_event as event where event.sku_id = serial.sku_id and event.serial = serial.serial
      ) as events
    from inventory.serial where sku_id = ${skuId} and serial = ${serial}`;
  return rows[0];
};
