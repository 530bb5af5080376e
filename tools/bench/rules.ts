/** Numbers of numbers, of values alone. */

/** The value that this share of all does not exceed; of nothing, 0. `sorted` ascends. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

export const round = (value: number, digits = 1): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

export type Timings = { perSecond: number; p50Ms: number; p99Ms: number };

/** What a number of durations within a window comes to. */
export const timingsOf = (durationsMs: readonly number[], windowMs: number): Timings => {
  const sorted = durationsMs.toSorted((one, other) => one - other);
  return {
    perSecond: round((sorted.length * 1_000) / windowMs, 2),
    p50Ms: round(percentile(sorted, 0.5)),
    p99Ms: round(percentile(sorted, 0.99)),
  };
};

export type Usage = Readonly<Record<string, number>>;
export type Spent = Record<string, { seconds: number; msPerOne: number; percent: number }>;

/** CPU seconds by process, between two readings: in all, for one piece of work, and as a share of the sum. */
export const spentOf = (before: Usage, after: Usage, count: number): Spent => {
  const entries = Object.entries(after).map(([name, end]) => [name, end - (before[name] ?? 0)] as const);
  const total = entries.reduce((sum, [, seconds]) => sum + seconds, 0);
  return Object.fromEntries(
    entries.map(([name, seconds]) => [
      name,
      {
        seconds: round(seconds, 2),
        msPerOne: count === 0 ? 0 : round((seconds * 1_000) / count, 2),
        percent: total === 0 ? 0 : round((seconds * 100) / total),
      },
    ]),
  );
};

/** A stream of numbers in [0, 1) that is the same for the same seed (mulberry32). */
export const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** `count` different ones of them. */
export const pick = <T>(from: readonly T[], count: number, random: () => number): T[] => {
  const left = [...from];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
};
