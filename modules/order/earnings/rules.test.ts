import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS, epochMs } from "@shopnexus/contracts/kit/time";
import { nextAt, scheduleColumns, toSchedule, type ScheduleColumns } from "./rules.ts";

const after = (columns: ScheduleColumns, now: string): string | undefined =>
  nextAt(columns, epochMs(now))?.toISOString();

describe("the next time of a schedule", () => {
  test("is none by hand", () => {
    expect(nextAt({ every: "manual", day: null }, 0)).toBeNull();
  });

  test("is the next six o'clock, never the one that it is now", () => {
    const daily = { every: "daily", day: null } as const;
    expect(after(daily, "2026-03-01T05:59:59.999Z")).toBe("2026-03-01T06:00:00.000Z");
    expect(after(daily, "2026-03-01T06:00:00.000Z")).toBe("2026-03-02T06:00:00.000Z");
    expect(after(daily, "2026-12-31T23:00:00.000Z")).toBe("2027-01-01T06:00:00.000Z");
  });

  test("is on its weekday, Monday being the first and Sunday the seventh", () => {
    // 2026-03-01 is a Sunday.
    expect(after({ every: "weekly", day: 7 }, "2026-03-01T05:00:00.000Z")).toBe("2026-03-01T06:00:00.000Z");
    expect(after({ every: "weekly", day: 7 }, "2026-03-01T07:00:00.000Z")).toBe("2026-03-08T06:00:00.000Z");
    expect(after({ every: "weekly", day: 1 }, "2026-03-01T07:00:00.000Z")).toBe("2026-03-02T06:00:00.000Z");
  });

  test("is on its day of the month, also over the end of a short one", () => {
    expect(after({ every: "monthly", day: 28 }, "2026-02-28T06:00:00.000Z")).toBe("2026-03-28T06:00:00.000Z");
    expect(after({ every: "monthly", day: 1 }, "2026-01-01T06:00:00.000Z")).toBe("2026-02-01T06:00:00.000Z");
  });

  test("is after now, at six, and there is one within a month, whatever the schedule and the moment", () => {
    const schedules: fc.Arbitrary<ScheduleColumns> = fc.oneof(
      fc.constant({ every: "daily" as const, day: null }),
      fc.record({ every: fc.constant("weekly" as const), day: fc.integer({ min: 1, max: 7 }) }),
      fc.record({ every: fc.constant("monthly" as const), day: fc.integer({ min: 1, max: 28 }) }),
    );
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 4e12 }), (columns, nowMs) => {
        const at = nextAt(columns, nowMs)?.getTime() ?? Number.NaN;
        expect(at).toBeGreaterThan(nowMs);
        expect(at - nowMs).toBeLessThanOrEqual(31 * DAY_MS);
        expect(at % DAY_MS).toBe(6 * 60 * 60 * 1_000);
        // Nothing that it names lies between: a moment before it is still before it.
        expect(nextAt(columns, at - 1)?.getTime()).toBe(at);
      }),
    );
  });
});

test("a schedule comes back from its columns as it went; without a row it is by hand", () => {
  for (const schedule of [
    { every: "manual" },
    { every: "daily" },
    { every: "weekly", weekday: 3 },
    { every: "monthly", day: 14 },
  ] as const) {
    const row = { ...scheduleColumns(schedule), nextAt: null };
    expect(toSchedule(row)).toEqual({ schedule, nextAt: null });
  }
  expect(toSchedule(undefined)).toEqual({ schedule: { every: "manual" }, nextAt: null });
});
