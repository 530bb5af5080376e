import type { Serial } from "@shopnexus/contracts/inventory/serial";
import type { Step } from "#modules/_kit/handler.ts";
import type { Sql } from "../stock/rows.ts";

export const ofLines: Step<typeof Serial, "ofLines"> = async ({ lineIds }, { db }) => {
  const rows = await listTaken(db.$client, lineIds);
  const byLine = Map.groupBy(rows, ({ lineId }) => lineId);
  return {
    lines: lineIds.map((lineId) => ({
      lineId,
      serials: (byLine.get(lineId) ?? []).map(({ serial }) => serial),
    })),
  };
};

/** Leans on serial_of_line. */
const listTaken = (tx: Sql, lineIds: readonly string[]): Promise<{ lineId: string; serial: string }[]> => tx<
  { lineId: string; serial: string }[]
>`
  select line_id as "lineId", serial from inventory.serial
  where line_id = any (${lineIds as string[]}) order by position`;
