import { instant, MINUTE_MS, SECOND_MS } from "@shopnexus/contracts/kit/time";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isOn, isReadable, stretchAt } from "./calendar/cron.ts";

const HANOI = { cron: "0 9 * * *", timeZone: "Asia/Ho_Chi_Minh", minutes: 90 };
const BERLIN = { cron: "30 2 * * *", timeZone: "Europe/Berlin", minutes: 60 };

describe("a schedule", () => {
  test("is on from its beginning in its own time zone up to, and not at, its end", () => {
    const at = (time: string) => isOn(HANOI, `2026-01-15T${time}Z`);
    expect([at("01:59:59.999"), at("02:00:00.000"), at("03:29:59.999"), at("03:30:00.000")]).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  test("that begins on some days is off on the others", () => {
    const mondays = { ...HANOI, cron: "0 9 * * 1" };
    expect(isOn(mondays, "2026-01-12T02:30:00.000Z")).toBe(true);
    expect(isOn(mondays, "2026-01-13T02:30:00.000Z")).toBe(false);
  });

  test("runs over midnight and over its next beginning", () => {
    const late = { cron: "0 23 * * *", timeZone: "UTC", minutes: 120 };
    expect(isOn(late, "2026-01-15T00:59:59.999Z")).toBe(true);
    expect(isOn(late, "2026-01-15T01:00:00.000Z")).toBe(false);
    const always = { cron: "*/30 * * * *", timeZone: "UTC", minutes: 45 };
    for (const minute of ["00", "29", "44", "59"])
      expect(isOn(always, `2026-01-15T10:${minute}:00.000Z`)).toBe(true);
  });

  test("keeps its local hour when the clocks change", () => {
    expect(isOn(BERLIN, "2026-01-15T01:30:00.000Z")).toBe(true);
    expect(isOn(BERLIN, "2026-07-15T00:30:00.000Z")).toBe(true);
    expect(isOn(BERLIN, "2026-07-15T01:30:00.000Z")).toBe(false);
  });

  test("is the same whatever was asked before: what is remembered is what would be found", () => {
    const crons = fc.constantFrom("0 9 * * *", "*/30 * * * *", "30 2 * * 1", "15 3 29 2 *", "0 */5 1-7 * *");
    const zones = fc.constantFrom("UTC", "Europe/Berlin", "Asia/Ho_Chi_Minh", "America/St_Johns");
    const schedules = fc.record({
      cron: crons,
      timeZone: zones,
      minutes: fc.constantFrom(1, 20, 90, 1_500, 44_640),
    });
    // Near each other, and near the nights when clocks change: what is remembered is asked for again.
    const times = fc
      .tuple(fc.constantFrom("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-01-31T12:00:00Z"))
      .chain(([near]) =>
        fc.integer({ min: -3_000, max: 3_000 }).map((by) => Date.parse(near) + by * MINUTE_MS),
      );
    const all = fc.array(fc.tuple(times, fc.constantFrom(-1, 0, SECOND_MS)), { minLength: 1, maxLength: 12 });
    const holds = fc.property(schedules, all, (schedule, asked) => {
      for (const [minuteMs, byMs] of asked)
        expect(isOn(schedule, instant(minuteMs + byMs))).toBe(stretchAt(schedule, minuteMs + byMs).isOn);
    });
    fc.assert(holds, { numRuns: 200 });
  });

  test("of more schedules than are remembered each is answered for itself", () => {
    const at = "2026-01-15T10:00:30.000Z";
    const hours = Array.from({ length: 1_500 }, (_, nth) => ({
      ...HANOI,
      minutes: 1 + nth,
      cron: `0 ${nth % 24} * * *`,
    }));
    const twice = [...hours, ...hours].map((schedule) => [
      isOn(schedule, at),
      stretchAt(schedule, Date.parse(at)).isOn,
    ]);
    expect(twice.filter(([told, found]) => told !== found)).toEqual([]);
  });

  test("that nobody can read, or that never comes, is found out", () => {
    const from = "2026-01-01T00:00:00.000Z";
    expect(isReadable(HANOI, from)).toBe(true);
    for (const wrong of [{ cron: "0 25 * * *" }, { timeZone: "Asia/Nowhere" }, { cron: "0 0 31 2 *" }])
      expect(isReadable({ ...HANOI, ...wrong }, from)).toBe(false);
  });
});
