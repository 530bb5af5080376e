/** When a schedule runs: from each time that its cron line names in its time zone, for so many minutes. */
import { epochMs, instant, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import type { Schedule } from "@shopnexus/contracts/promotion/terms";
import { Cron } from "croner";

/** The line has five fields, so that a schedule is never finer than a minute. */
const cronOf = ({ cron, timeZone }: Schedule): Cron =>
  new Cron(cron, { timezone: timeZone, mode: "5-part", paused: true });

/** Whether the line and the zone can be read, and name a time at all after this one. */
export const isReadable = (schedule: Schedule, from: string): boolean => {
  try {
    return cronOf(schedule).nextRun(new Date(from)) !== null;
  } catch {
    return false;
  }
};

/** Whether it runs at this moment: the last beginning is less than its minutes ago. */
export const isOn = (schedule: Schedule, at: string): boolean => {
  const begun = cronOf(schedule).nextRun(new Date(epochMs(at) - schedule.minutes * MINUTE_MS));
  return begun !== null && instant(begun.getTime()) <= instant(epochMs(at));
};
