import type { Drop, Entry } from "@shopnexus/contracts/inventory/drop";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { z } from "zod";
import type { Step } from "#modules/_kit/handler.ts";
import type { Sql } from "../stock/rows.ts";
import { mustFindDrop } from "./rows.ts";

export const entries: Step<typeof Drop, "entries"> = async (
  { dropId, after, limit = PAGE_LIMIT },
  { db },
) => {
  await mustFindDrop(db.$client, dropId);
  const rows = await listEntries(db.$client, { dropId, after: after ?? "", limit });
  return cutPage(rows, limit, ({ ticketId }) => ticketId);
};

type Page = { readonly dropId: string; readonly after: string; readonly limit: number };

/** Leans on ticket_of_drop. */
const listEntries = (tx: Sql, { dropId, after, limit }: Page): Promise<z.infer<typeof Entry>[]> => tx<
  z.infer<typeof Entry>[]
>`
  select ticket_id as "ticketId", sku_id as "skuId", pieces, position::float8 as position
  from inventory.ticket where drop_id = ${dropId} and ticket_id > ${after}
  order by ticket_id limit ${limit + 1}`;
