/** Decisions about bank accounts and schedules, of values alone. */
import { DAY_MS, HOUR_MS, instant } from "@shopnexus/contracts/kit/time";
import type { BankAccount, PayoutSchedule } from "@shopnexus/contracts/order/earnings";
import type { bankAccount, payoutSchedule } from "#db/order/payouts.ts";

type ScheduleRow = typeof payoutSchedule.$inferSelect;
type BankRow = typeof bankAccount.$inferSelect;
export type ScheduleColumns = Pick<ScheduleRow, "every" | "day">;

export const toBank = ({ currency, holder, destination, last4 }: BankRow): BankAccount => ({
  currency,
  holder,
  destination,
  last4,
});

export const isSameBank = (one: BankAccount, other: BankAccount): boolean =>
  one.holder === other.holder && one.destination === other.destination && one.last4 === other.last4;

export const scheduleColumns = (schedule: PayoutSchedule): ScheduleColumns => {
  if (schedule.every === "weekly") return { every: schedule.every, day: schedule.weekday };
  return { every: schedule.every, day: schedule.every === "monthly" ? schedule.day : null };
};

const scheduleOf = ({ every, day }: ScheduleColumns): PayoutSchedule => {
  if (every === "weekly") return { every, weekday: day ?? 1 };
  return every === "monthly" ? { every, day: day ?? 1 } : { every };
};

export const toSchedule = (row: (ScheduleColumns & Pick<ScheduleRow, "nextAt">) | undefined) => ({
  schedule: scheduleOf(row ?? { every: "manual", day: null }),
  nextAt: row === undefined || row.nextAt === null ? null : instant(row.nextAt.getTime()),
});

/** Before anybody's bank opens for the day. */
const AT_HOUR = 6;

/** The first time after `nowMs` that a schedule names; null for one that names none. */
export const nextAt = ({ every, day }: ScheduleColumns, nowMs: number): Date | null => {
  if (every === "manual") return null;
  // A month has a day of that number within 31 days of any moment, a week within 7.
  const first = Math.floor((nowMs - AT_HOUR * HOUR_MS) / DAY_MS) + 1;
  const days = Array.from({ length: 32 }, (_, at) => new Date((first + at) * DAY_MS + AT_HOUR * HOUR_MS));
  return days.find((at) => isNamed({ every, day }, at)) ?? null;
};

const isNamed = ({ every, day }: ScheduleColumns, at: Date): boolean => {
  if (every === "weekly") return ((at.getUTCDay() + 6) % 7) + 1 === day;
  return every !== "monthly" || at.getUTCDate() === day;
};
