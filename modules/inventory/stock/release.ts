import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import { actorOf } from "#modules/_kit/principal.ts";
import { findHold, freeHold, insertTombstone } from "./rows.ts";

export const release: Step<typeof Stock, "release"> = async ({ holdId }, { db, who }) => {
  const ask = { holdId, actor: actorOf(who), mayBeRestocked: true };
  for (;;) {
    if (await freeHold(db.$client, ask)) return {};
    if (await insertTombstone(db.$client, holdId)) return {};
    const hold = await findHold(db.$client, holdId);
    // Still held: it was written while this ran, and is there for the next round.
    if (hold?.state !== "held") return {};
  }
};
