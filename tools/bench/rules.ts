/** Numbers of numbers, of values alone. */

/** The value that this share of all does not exceed; of nothing, 0. `sorted` ascends. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;

export const round = (value: number, digits = 1): number => {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
};

/** One piece of work, on a clock that all pieces share. */
export type Piece = { readonly beganAtMs: number; readonly endedAtMs: number };
export type Window = { readonly beginAtMs: number; readonly endAtMs: number };
export type Timings = { perSecond: number; p50Ms: number; p99Ms: number; done: number };

/**
 * What pieces of work come to within a window. One that the window's edge cuts counts for the part inside, or ten slow
 * ones that end together a moment too late would be none.
 */
export const timingsOf = (pieces: readonly Piece[], { beginAtMs, endAtMs }: Window): Timings => {
  const inside = pieces.filter((piece) => piece.endedAtMs > beginAtMs && piece.beganAtMs < endAtMs);
  const done = inside.reduce((sum, { beganAtMs, endedAtMs }) => {
    const part = Math.min(endedAtMs, endAtMs) - Math.max(beganAtMs, beginAtMs);
    return sum + part / (endedAtMs - beganAtMs);
  }, 0);
  const sorted = inside
    .map(({ beganAtMs, endedAtMs }) => endedAtMs - beganAtMs)
    .toSorted((one, other) => one - other);
  return {
    perSecond: round((done * 1_000) / (endAtMs - beginAtMs), 2),
    p50Ms: round(percentile(sorted, 0.5)),
    p99Ms: round(percentile(sorted, 0.99)),
    done: round(done),
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
