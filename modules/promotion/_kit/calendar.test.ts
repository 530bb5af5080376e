import { describe, expect, test } from "vitest";
import { isOn, isReadable } from "./calendar/cron.ts";

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

  test("that nobody can read, or that never comes, is found out", () => {
    const from = "2026-01-01T00:00:00.000Z";
    expect(isReadable(HANOI, from)).toBe(true);
    for (const wrong of [{ cron: "0 25 * * *" }, { timeZone: "Asia/Nowhere" }, { cron: "0 0 31 2 *" }])
      expect(isReadable({ ...HANOI, ...wrong }, from)).toBe(false);
  });
});
