import { and, desc, eq, lt } from "drizzle-orm";
import type { Stock } from "@shopnexus/contracts/inventory/stock";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import type { Db } from "#db/_kit/database.ts";
import { movement } from "#db/inventory/tables.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel } from "./rows.ts";
import { positionIn } from "./rules.ts";

export const movements: Step<typeof Stock, "movements"> = async (ask, { db, who }) => {
  await findOwnLevel(db.$client, ask.skuId, accountOf(who).accountId);
  const limit = ask.limit ?? PAGE_LIMIT;
  const rows = await listMovements(db, { skuId: ask.skuId, before: positionIn(ask.after), limit: limit + 1 });
  const { items, next } = cutPage(rows, limit, (row) => String(row.position));
  return { items: items.map(shown), ...(next !== undefined && { next }) };
};

type Row = typeof movement.$inferSelect;

/** A movement's id follows from what makes it one, so the hot path need not write it. */
const shown = ({ position: _, movedAt, ...row }: Row) => ({
  movementId: deriveId("mov", row.reference, row.skuId, row.reason),
  ...row,
  movedAt: movedAt.toISOString(),
});

type Ask = { readonly skuId: string; readonly before: number | undefined; readonly limit: number };

/** Leans on movement_newest. */
const listMovements = (tx: Db, { skuId, before, limit }: Ask): Promise<Row[]> =>
  tx
    .select()
    .from(movement)
    .where(and(eq(movement.skuId, skuId), before === undefined ? undefined : lt(movement.position, before)))
    .orderBy(desc(movement.position))
    .limit(limit);
