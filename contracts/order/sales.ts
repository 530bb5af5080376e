/** What a seller reads: what waits for an answer, what was sold, and how it goes. */
import { z } from "zod";
import { Sum } from "../account/ledger.ts";
import { Address } from "../account/address-book.ts";
import { read, service } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { Currency } from "../_kit/money.ts";
import { page, pageFields } from "../_kit/page.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { Nothing } from "../_kit/word.ts";
import { OrderLine, OrderTab, OrderView, TabCounts } from "./purchase.ts";

export const BUCKET_COUNT_MAX = 400;
export const RANGE_DAYS_MAX = 3_660;
export const TOP_LIMIT_MAX = 50;
/** Basis points: beyond ten thousand times as much nobody compares. */
export const CHANGE_MAX = 100_000_000;

/** A day of the calendar, from 1970 to 2999. */
const Day = z.iso.date().refine((on) => on >= "1970-01-01" && on < "3000-01-01", "must be of 1970 to 2999");
/** An IANA time zone by its area and city, e.g. `Asia/Ho_Chi_Minh`, or `UTC`. */
const Zone = z.string().regex(/^(UTC|[A-Z][A-Za-z_]{1,30}(\/[A-Z][A-Za-z_-]{1,30}){1,2})$/);

/** Whole days of a zone, both included; an order belongs to the day on which it was placed. */
const Range = { fromOn: Day, toOn: Day, currency: Currency, zone: Zone };

/** Goods and carriage that were paid for, less what went back, of lines that were neither cancelled nor turned down. */
const Sold = z.object({ revenue: Sum, orders: z.int(), pieces: z.int() });
const Change = z.int().min(-10_000).max(CHANGE_MAX).nullable();
const Waits = z.object({ count: z.int(), dueAt: Instant.nullable() });

export const InboxItem = z.object({
  orderId: id("ord"),
  buyerId: id("acc"),
  /** When the first of these lines is cancelled, if nobody answers. */
  dueAt: Instant,
  placedAt: Instant,
  address: Address,
  carrier: z.string().nullable(),
  service: z.string().nullable(),
  /** The paid lines of the order, in their order. */
  lines: z.array(OrderLine),
});
export type InboxItem = z.infer<typeof InboxItem>;

export const SalesRefusals = refusals({
  RANGE_BACKWARDS: { status: 422, says: "The first day is after the last one." },
  RANGE_TOO_LONG: {
    status: 422,
    says: "That is too long a time to be told at once.",
    data: z.object({ asked: z.int(), atMost: z.int() }),
  },
  ZONE_UNKNOWN: { status: 422, says: "There is no such time zone." },
});
const { RANGE_BACKWARDS, RANGE_TOO_LONG, ZONE_UNKNOWN } = SalesRefusals;

export const Sales = service("Sales", {
  /** Paid lines that wait for the caller's answer, by order; what is due first stands first, by page. */
  inbox: read(z.strictObject({ ...pageFields }), page(InboxItem), {
    who: "seller",
    http: "GET /sales/inbox",
  }),

  /** The caller's sales, newest first, by page; of one tab or of all. */
  list: read(z.strictObject({ tab: OrderTab.optional(), ...pageFields }), page(OrderView), {
    who: "seller",
    http: "GET /sales",
  }),

  /** How many sales of the caller's stand under each tab.
   *  Gives    at most 10,000 a tab: that many, or more */
  tabs: read(Nothing, TabCounts, { who: "seller", http: "GET /sales/tabs" }),

  /** How a stretch of days went, beside the same number of days before it.
   *  Takes    at most 3,660 days
   *  Gives    change in basis points, null where there was nothing before; linesToConfirm and openClaims: now, all currencies
   *  Refuses  RANGE_BACKWARDS, RANGE_TOO_LONG, ZONE_UNKNOWN */
  summary: read(
    z.strictObject(Range),
    z.object({
      ...Sold.shape,
      /** What went back to buyers of the lines that count. */
      refunds: Sum,
      before: Sold,
      change: z.object({ revenue: Change, orders: Change, pieces: Change }),
      linesToConfirm: z.int(),
      openClaims: z.int(),
    }),
    { who: "seller", refuses: [RANGE_BACKWARDS, RANGE_TOO_LONG, ZONE_UNKNOWN], http: "GET /sales/summary" },
  ),

  /** A stretch of days, bucket by bucket, empty ones too.
   *  Takes    at most 400 buckets; weeks begin on Monday
   *  Gives    on: the bucket's first day, which may be before fromOn; only what was sold since is counted
   *  Refuses  RANGE_BACKWARDS, RANGE_TOO_LONG, ZONE_UNKNOWN */
  series: read(
    z.strictObject({ ...Range, granularity: z.enum(["day", "week", "month"]) }),
    z.object({ buckets: z.array(z.object({ on: z.iso.date(), ...Sold.shape })) }),
    { who: "seller", refuses: [RANGE_BACKWARDS, RANGE_TOO_LONG, ZONE_UNKNOWN], http: "GET /sales/series" },
  ),

  /** What sold best in a stretch of days.
   *  Takes    at most 3,660 days; limit 1 to 50, 5 when absent
   *  Refuses  RANGE_BACKWARDS, RANGE_TOO_LONG, ZONE_UNKNOWN */
  top: read(
    z.strictObject({
      ...Range,
      by: z.enum(["pieces", "revenue"]),
      limit: z.int().min(1).max(TOP_LIMIT_MAX).optional(),
    }),
    z.object({
      products: z.array(
        z.object({ skuId: id("sku"), listingId: id("lst"), title: z.string(), ...Sold.shape }),
      ),
    }),
    { who: "seller", refuses: [RANGE_BACKWARDS, RANGE_TOO_LONG, ZONE_UNKNOWN], http: "GET /sales/top" },
  ),

  /** What waits for the caller now.
   *  Gives    of each the count, and when the first of it is due */
  pending: read(
    Nothing,
    z.object({
      linesToConfirm: Waits,
      /** Claims of buyers that the seller has to answer, or goods that came back and are to be looked at. */
      claimsToAnswer: Waits,
      /** Confirmed lines that no carrier has taken yet because it refused; another may be chosen. */
      shipmentsRefused: Waits,
    }),
    { who: "seller", http: "GET /sales/pending" },
  ),
});
