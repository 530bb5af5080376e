import type { Serial } from "@shopnexus/contracts/inventory/serial";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { unpick } from "../_kit/picks.ts";
import type { TxSql } from "../stock/rows.ts";
import { changeSerials } from "./rows.ts";

/** More than any line has. */
const WHOLE = 1_000_000;

/** Statement by statement: each sees what a take wrote that the one before had to wait for. */
export const putBack: Step<typeof Serial, "putBack"> = async ({ lineId }, { db, who }) => {
  await db.$client.begin(async (tx) => {
    await upsertBack(tx, lineId);
    await changeSerials(tx, { event: "putBack", actor: actorOf(who) }, tx`line_id = ${lineId}`);
    await unpick(tx, [{ lineId, pieces: WHOLE }]);
  });
  return {};
};

/** For good, also where there was no take: a late one finds it. Leans on take_pkey. */
const upsertBack = async (tx: TxSql, lineId: string): Promise<void> => {
  await tx`
    insert into inventory.take (line_id, state, back_at) values (${lineId}, 'back', now())
    on conflict (line_id) do update set state = 'back', back_at = now() where take.state = 'taken'`;
};
