import { and, asc, sql } from "drizzle-orm";
import type { Feed } from "@shopnexus/contracts/common/feed";
import type { Out } from "@shopnexus/contracts/kit/contract";
import { cutPage, PAGE_LIMIT } from "@shopnexus/contracts/kit/page";
import { CommonRefusals, refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import { event } from "#db/common/tables.ts";
import type { Db } from "#db/_kit/database.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { BEGINNING, cursorOf, type Place, placeOf } from "./rules.ts";

type FeedEvent = Out<typeof Feed, "read">["items"][number];
type EventRow = typeof event.$inferSelect;

export const read: Step<typeof Feed, "read"> = async ({ after, limit = PAGE_LIMIT }, { db }) => {
  const place = after === undefined ? BEGINNING : placeOf(after);
  if (place === undefined) throw refuse(CommonRefusals.INVALID_INPUT, { issues: [NOT_OURS] });
  const page = cutPage(await findEvents(db, place, limit + 1), limit, cursorOf);
  return { ...page, items: page.items.map(viewOf) };
};

const NOT_OURS = { path: "/after", says: "it is not the `next` of a page" };

/**
 * What is settled after this place: a transaction that still writes could commit an event before one already seen,
 * so nothing is shown of it, nor of any that began later. Leans on event_in_order.
 */
const findEvents = (db: Db, { writtenIn, position }: Place, limit: number): Promise<EventRow[]> =>
  db
    .select()
    .from(event)
    .where(
      and(
        sql`(${event.writtenIn}, ${event.position}) > (${writtenIn}::xid8, ${position}::bigint)`,
        sql`${event.writtenIn} < pg_snapshot_xmin(pg_current_snapshot())`,
      ),
    )
    .orderBy(asc(event.writtenIn), asc(event.position))
    .limit(limit);

const viewOf = (row: EventRow): FeedEvent => ({
  eventId: row.eventId,
  eventKey: row.eventKey,
  kind: row.kind as FeedEvent["kind"], // append takes no other
  subject: row.subject,
  data: row.data,
  happenedAt: instant(row.happenedAt.getTime()),
});
