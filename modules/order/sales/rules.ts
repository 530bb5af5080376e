/** Decisions about reports: values in, values out. Days are those of a calendar, `2026-03-29`, and know no time zone. */
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { instant } from "@shopnexus/contracts/kit/time";
import {
  BUCKET_COUNT_MAX,
  CHANGE_MAX,
  RANGE_DAYS_MAX,
  SalesRefusals,
} from "@shopnexus/contracts/order/sales";

export type Granularity = "day" | "week" | "month";
type Days = { readonly fromOn: string; readonly toOn: string };

const DAY = 86_400_000;
const toDay = (on: string): number => Date.parse(`${on}T00:00:00.000Z`) / DAY;
const toDate = (day: number): string => instant(day * DAY).slice(0, 10);

/** How many days there are from one to another, both included. */
export const dayCount = ({ fromOn, toOn }: Days): number => toDay(toOn) - toDay(fromOn) + 1;

/** The first of as many days just before. */
export const dayBefore = (days: Days): string => toDate(toDay(days.fromOn) - dayCount(days));

const MONDAY = toDay("1970-01-05");
const NUMBERS: Readonly<Record<Granularity, (on: string) => number>> = {
  day: toDay,
  week: (on) => Math.floor((toDay(on) - MONDAY) / 7),
  month: (on) => Number(on.slice(0, 4)) * 12 + Number(on.slice(5, 7)) - 1,
};

export const bucketCount = ({ fromOn, toOn }: Days, granularity: Granularity): number =>
  NUMBERS[granularity](toOn) - NUMBERS[granularity](fromOn) + 1;

const assertForward = ({ fromOn, toOn }: Days): void => {
  if (fromOn > toOn) throw refuse(SalesRefusals.RANGE_BACKWARDS, {});
};

/** Refuses what is too long to be summed up. */
export const assertDays = (days: Days): void => {
  assertForward(days);
  const asked = dayCount(days);
  if (asked > RANGE_DAYS_MAX) throw refuse(SalesRefusals.RANGE_TOO_LONG, { asked, atMost: RANGE_DAYS_MAX });
};

/** Refuses more buckets than anybody can look at. */
export const assertBuckets = (days: Days, granularity: Granularity): void => {
  assertForward(days);
  const asked = bucketCount(days, granularity);
  if (asked > BUCKET_COUNT_MAX)
    throw refuse(SalesRefusals.RANGE_TOO_LONG, { asked, atMost: BUCKET_COUNT_MAX });
};

/** In basis points, half of one rounded away from zero; null where there was nothing to compare with. */
export const changeOf = (now: number, before: number): number | null => {
  if (before <= 0) return null;
  const twice = (BigInt(now) - BigInt(before)) * 20_000n;
  const half = BigInt(before);
  const rounded = (twice < 0n ? twice - half : twice + half) / (2n * half);
  return Number(rounded < BigInt(CHANGE_MAX) ? rounded : CHANGE_MAX);
};

/** Where a page of the inbox ended: the order, and when it was due, as the database counts it. */
export type Place = { readonly orderId: string; readonly dueMicros: string };

export const placeOf = ({ orderId, dueMicros }: Place): string => `${orderId}.${dueMicros}`;

/** Undefined when it is not the `next` of a page. */
export const toPlace = (after: string): Place | undefined => {
  const [, orderId, dueMicros] = /^(ord_[0-9a-f]{32})\.([0-9]{1,16})$/.exec(after) ?? [];
  return orderId === undefined || dueMicros === undefined ? undefined : { orderId, dueMicros };
};
