/** What happened, in order, for whoever wants to know later. */
import { z } from "zod";
import { read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { page, pageFields } from "../_kit/page.ts";
import { Instant } from "../_kit/time.ts";
import { Done, text } from "../_kit/word.ts";

export const FeedKind = z.enum([
  "order.placed",
  "order.confirmed",
  "order.cancelled",
  "order.shipped",
  "order.delivered",
  "order.fulfilled",
  "order.escalated",
  "checkout.closed",
  "refund.opened",
  "refund.closed",
  "dispute.opened",
  "dispute.closed",
  "payout.sent",
  "payout.failed",
  "payout.escalated",
  "stock.low",
]);
export const FeedEvent = z.object({
  eventId: id("evt"),
  eventKey: z.string(),
  kind: FeedKind,
  /** What it is about, e.g. `ord_…`. */
  subject: z.string(),
  data: z.record(z.string(), z.unknown()),
  happenedAt: Instant,
});
export const FEED_APPEND_COUNT_MAX = 100;

export const Feed = service("Feed", {
  /** Appends events.
   *  Takes    1 to 100 events, each with a key of its own
   *  Repeats  same eventKey: appended once, the first stays */
  append: step(
    z.strictObject({
      events: z
        .array(
          z.strictObject({
            eventKey: text(120),
            kind: FeedKind,
            subject: text(60),
            data: z.record(z.string().max(60), z.unknown()),
          }),
        )
        .min(1)
        .max(FEED_APPEND_COUNT_MAX),
    }),
    Done,
    { who: "module" },
  ),

  /** Events, oldest first, by page. */
  read: read(z.strictObject({ ...pageFields }), page(FeedEvent), { who: "operator" }),
});
