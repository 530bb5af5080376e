import type { Serial } from "@shopnexus/contracts/inventory/serial";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel, type Sql } from "../stock/rows.ts";
import { positionIn } from "./rules.ts";

export const list: Step<typeof Serial, "list"> = async (
  { skuId, after, limit = PAGE_LIMIT },
  { db, who },
) => {
  await findOwnLevel(db.$client, skuId, accountOf(who).accountId);
  const rows = await listSerials(db.$client, { skuId, after: positionIn(after), limit: limit + 1 });
  const page = cutPage(rows, limit, ({ position }) => String(position));
  return { ...page, items: page.items.map(({ serial, state, lineId }) => ({ serial, state, lineId })) };
};

type Row = Out<typeof Serial, "list">["items"][number] & { readonly position: number };
type Ask = { readonly skuId: string; readonly after: number; readonly limit: number };

/** Leans on serial_in_order. */
const listSerials = (tx: Sql, { skuId, after, limit }: Ask): Promise<Row[]> => tx<Row[]>`
  select serial, state, line_id as "lineId", position::float8 as position from inventory.serial
  where sku_id = ${skuId} and position > ${after} order by position limit ${limit}`;
