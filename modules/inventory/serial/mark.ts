import { type Serial, SerialRefusals, type SerialState } from "@shopnexus/contracts/inventory/serial";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel, type TxSql } from "../stock/rows.ts";
import { changeSerials } from "./rows.ts";
import { busyIn } from "./rules.ts";

export const mark: Step<typeof Serial, "mark"> = async (word, { db, who }) => {
  const { skuId, verdict, note } = word;
  const { accountId } = accountOf(who);
  await findOwnLevel(db.$client, skuId, accountId);
  const serials = [...new Set(word.serials)];
  return db.$client.begin(async (tx) => {
    const before = await lockSerials(tx, skuId, serials);
    const unknown = serials.filter((serial) => !before.some((row) => row.serial === serial));
    if (unknown.length > 0) throw refuse(SerialRefusals.SERIAL_UNKNOWN, { serials: unknown });
    const busy = busyIn(before, verdict);
    if (busy.length > 0) throw refuse(SerialRefusals.SERIAL_BUSY, { serials: busy });
    await changeSerials(
      tx,
      { event: verdict, actor: accountId, note },
      tx`sku_id = ${skuId} and serial = any (${serials})`,
    );
    return { serials: await lockSerials(tx, skuId, serials) };
  });
};

type Row = { serial: string; state: SerialState };

/** In the order in which lines take them. Leans on serial_once_a_sku. */
const lockSerials = async (tx: TxSql, skuId: string, serials: readonly string[]): Promise<Row[]> => [
  ...(await tx<Row[]>`
    select serial, state from inventory.serial
    where sku_id = ${skuId} and serial = any (${serials as string[]}) order by position for update`),
];
