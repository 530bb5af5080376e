import type { Serial } from "@shopnexus/contracts/inventory/serial";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel, type Sql } from "../stock/rows.ts";
import { countFree } from "./rows.ts";

export const add: Step<typeof Serial, "add"> = async ({ skuId, serials }, { db, who }) => {
  await findOwnLevel(db.$client, skuId, accountOf(who).accountId);
  await insertSerials(db.$client, skuId, serials);
  return { freeCount: await countFree(db.$client, skuId) };
};

/** In their own order, so that two who add the same ones wait in line. Leans on serial_once_a_sku. */
const insertSerials = async (tx: Sql, skuId: string, serials: readonly string[]): Promise<void> => {
  await tx`
    insert into inventory.serial (sku_id, serial)
    select distinct ${skuId}, serial from unnest(${serials as string[]}::text[]) as part(serial) order by serial
    on conflict do nothing`;
};
