import { type Serial, SerialRefusals } from "@shopnexus/contracts/inventory/serial";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findMove } from "../shelf/rows.ts";
import { findOwnLevel, type Sql } from "../stock/rows.ts";
import { countFree } from "./rows.ts";

export const add: Step<typeof Serial, "add"> = async (added, { db, who }) => {
  const { skuId, receiptId } = added;
  const { accountId } = accountOf(who);
  await findOwnLevel(db.$client, skuId, accountId);
  if (receiptId !== undefined) {
    const receipt = await findMove(db.$client, { reference: receiptId, skuId, reason: "receive" });
    if (receipt === undefined) throw refuse(SerialRefusals.RECEIPT_UNKNOWN, {});
  }
  await insertSerials(db.$client, added, accountId);
  return { freeCount: await countFree(db.$client, skuId) };
};

/** In their own order, so that two who add the same ones wait in line. Leans on serial_once_a_sku. */
const insertSerials = async (
  tx: Sql,
  { skuId, serials, receiptId }: In<typeof Serial, "add">,
  actor: string,
): Promise<void> => {
  await tx`
    with added as (
      insert into inventory.serial (sku_id, serial, receipt_id)
      select distinct ${skuId}, serial, ${receiptId ?? null}::text
      from unnest(${serials}::text[]) as part(serial) order by serial
      on conflict do nothing
      returning sku_id, serial, state
    )
    insert into inventory.serial_event (sku_id, serial, event, state, actor)
    select sku_id, serial, 'add', state, ${actor} from added`;
};
