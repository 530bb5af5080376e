import type { Serial } from "@shopnexus/contracts/inventory/serial";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { changeSerials } from "./rows.ts";

/** Leans on serial_of_line. */
export const ship: Step<typeof Serial, "ship"> = async ({ lineIds }, { db, who }) => {
  const sql = db.$client;
  await changeSerials(sql, { event: "ship", actor: actorOf(who) }, sql`line_id = any (${lineIds})`);
  return {};
};
