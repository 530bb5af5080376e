import { sql } from "drizzle-orm";
import type { Transfer } from "@shopnexus/contracts/order/transfer";
import { assert } from "#modules/_kit/assert.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { findPayout, movePayout } from "./rows.ts";
import { endingOf, toView } from "./rules.ts";

export const close: Step<typeof Transfer, "close"> = async ({ payoutId, refused }, { db }) => {
  await movePayout(
    db,
    { payoutId, from: ["requested", "awaiting_approval", "suspended", "cleared"] },
    { state: endingOf(refused), refused, dueAt: null, endedAt: sql`now()` },
  );
  const row = await findPayout(db, payoutId);
  assert(row !== undefined && row.endedAt !== null, "what may have been sent is not undone, so not closed");
  return toView(row);
};
