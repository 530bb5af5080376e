/** The reports, counted again the slow way: one line after the other, and each day asked of the calendar of its zone. */
import type { LineState } from "@shopnexus/contracts/order/line";

export type Counted = {
  readonly orderId: string;
  readonly skuId: string;
  readonly placedAt: Date;
  readonly currency: string;
  readonly state: LineState;
  readonly paidMinor: number;
  readonly returnedMinor: number;
  readonly pieces: number;
  readonly piecesBack: number;
};
type Days = { readonly fromOn: string; readonly toOn: string };

const calendars = new Map<string, Intl.DateTimeFormat>();

/** The day on which an instant falls in a zone. */
export const dayIn = (zone: string, at: Date): string => {
  const options = { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" } as const;
  const calendar = calendars.get(zone) ?? new Intl.DateTimeFormat("en-CA", options);
  calendars.set(zone, calendar);
  return calendar.format(at);
};

/** The day so many days after another. */
export const shifted = (on: string, days: number): string => {
  const date = new Date(`${on}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
};

const sumOf = (lines: readonly Counted[]) => ({
  revenue: lines.reduce((sum, line) => sum + line.paidMinor - line.returnedMinor, 0),
  orders: new Set(lines.map(({ orderId }) => orderId)).size,
  pieces: lines.reduce((sum, line) => sum + line.pieces - line.piecesBack, 0),
});

export const recount = (all: readonly Counted[], currency: string, zone: string) => {
  const counted = all
    .filter((line) => line.currency === currency && !["cancelled", "rejected"].includes(line.state))
    .map((line) => ({ ...line, on: dayIn(zone, line.placedAt) }));
  const within = ({ fromOn, toOn }: Days) => counted.filter(({ on }) => on >= fromOn && on <= toOn);
  return {
    sums: (days: Days) => sumOf(within(days)),
    refunds: (days: Days) => within(days).reduce((sum, line) => sum + line.returnedMinor, 0),
    buckets: (days: Days, granularity: "day" | "week" | "month") => {
      const buckets = new Map<string, Counted[]>();
      for (let on = days.fromOn; on <= days.toOn; on = shifted(on, 1)) {
        const first = firstOf(on, granularity);
        const own = within({ fromOn: on, toOn: on });
        buckets.set(first, [...(buckets.get(first) ?? []), ...own]);
      }
      return [...buckets].map(([on, lines]) => ({ on, ...sumOf(lines) }));
    },
    top: (days: Days, by: "pieces" | "revenue", limit: number) =>
      [...Map.groupBy(within(days), ({ skuId }) => skuId)]
        .map(([skuId, lines]) => ({ skuId, ...sumOf(lines) }))
        .toSorted((a, b) => b[by] - a[by] || (a.skuId < b.skuId ? -1 : 1))
        .slice(0, limit),
  };
};

const firstOf = (on: string, granularity: "day" | "week" | "month"): string => {
  if (granularity === "day") return on;
  if (granularity === "month") return `${on.slice(0, 7)}-01`;
  const weekday = new Date(`${on}T12:00:00Z`).getUTCDay();
  return shifted(on, -((weekday + 6) % 7));
};
