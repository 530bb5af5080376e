import type { Serial } from "@shopnexus/contracts/inventory/serial";
import type { Step } from "#modules/_kit/handler.ts";
import type { TxSql } from "../stock/rows.ts";
import { TRANSITIONS } from "./rules.ts";

/** Two statements: the second sees what a take wrote that the first had to wait for. */
export const putBack: Step<typeof Serial, "putBack"> = async ({ lineId }, { db }) => {
  await db.$client.begin(async (tx) => {
    await upsertBack(tx, lineId);
    await freeSerials(tx, lineId);
  });
  return {};
};

/** For good, also where there was no take: a late one finds it. Leans on take_pkey. */
const upsertBack = async (tx: TxSql, lineId: string): Promise<void> => {
  await tx`
    insert into inventory.take (line_id, state, back_at) values (${lineId}, 'back', now())
    on conflict (line_id) do update set state = 'back', back_at = now() where take.state = 'taken'`;
};

/** Leans on serial_of_line. */
const freeSerials = async (tx: TxSql, lineId: string): Promise<void> => {
  const { from, to } = TRANSITIONS.putBack;
  await tx`
    update inventory.serial set state = ${to}, line_id = null, taken_at = null
    where line_id = ${lineId} and state = ${from}`;
};
