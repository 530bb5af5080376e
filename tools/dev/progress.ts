export type Progress = (line: string) => void;

const QUIET_MS = 1_000; // what takes less is not worth a line
const REMINDER_MS = 5_000;

/** Runs the work, and says what is going on when it takes over a second, with seconds. */
export async function timed<T>(progress: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const seconds = () => ((performance.now() - startedMs) / 1000).toFixed(1);
  let timer = setTimeout(function remind() {
    progress(`${what} ... ${seconds()} s`);
    timer = setTimeout(remind, REMINDER_MS);
  }, QUIET_MS);
  try {
    const result = await work();
    if (performance.now() - startedMs > QUIET_MS) progress(`${what}: done in ${seconds()} s`);
    return result;
  } finally {
    clearTimeout(timer);
  }
}
