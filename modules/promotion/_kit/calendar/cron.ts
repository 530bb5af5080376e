/** When a schedule runs: from each time that its cron line names in its time zone, for so many minutes. */
import { epochMs, MINUTE_MS } from "@shopnexus/contracts/kit/time";
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

/** From its first moment up to, and not at, its last, a schedule is on, or it is off. */
export type Stretch = { readonly fromMs: number; readonly toMs: number; readonly isOn: boolean };

/** Around this moment: the first beginning after it less the minutes is the one that is on, or the one to come. */
export const stretchAt = (schedule: Schedule, atMs: number): Stretch => {
  const lengthMs = schedule.minutes * MINUTE_MS;
  const begun = cronOf(schedule).nextRun(new Date(atMs - lengthMs));
  const begunMs = begun?.getTime() ?? Number.POSITIVE_INFINITY;
  return begunMs <= atMs
    ? { fromMs: begunMs, toMs: begunMs + lengthMs, isOn: true }
    : { fromMs: atMs, toMs: begunMs, isOn: false };
};

/** More schedules than this at a time are read anew: about a hundred bytes each. */
const KNOWN_COUNT_MAX = 1_000;
/** What was found last, by everything that it follows from: reading a cron line costs more than all else about a promotion. */
const known = new Map<string, Stretch>();

/** Whether it runs at this moment. */
export const isOn = (schedule: Schedule, at: string): boolean => {
  const atMs = epochMs(at);
  const key = `${schedule.cron}/${schedule.timeZone}/${schedule.minutes}`;
  const last = known.get(key);
  if (last !== undefined && last.fromMs <= atMs && atMs < last.toMs) return last.isOn;
  const stretch = stretchAt(schedule, atMs);
  const [oldest] = known.size >= KNOWN_COUNT_MAX ? known.keys() : [];
  if (oldest !== undefined) known.delete(oldest);
  known.set(key, stretch);
  return stretch.isOn;
};
