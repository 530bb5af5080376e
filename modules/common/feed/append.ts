import type { Feed } from "@shopnexus/contracts/common/feed";
import { event } from "#db/common/tables.ts";
import { inTransaction } from "#db/_kit/transaction.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";

/** One statement; a key that is there already, from before or from the same call, is passed over. */
export const append: Step<typeof Feed, "append"> = ({ events }, { db }) =>
  inTransaction(db, async (tx) => {
    const rows = events.map((given) => ({ ...given, eventId: deriveId("evt", given.eventKey) }));
    await tx.insert(event).values(rows).onConflictDoNothing();
    return {};
  });
