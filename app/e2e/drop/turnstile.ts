/** Lets so many through at once; the others stand in line in the order in which they came. */
export type Turnstile = <T>(work: () => Promise<T>) => Promise<T>;

export const openTurnstile = (width: number): Turnstile => {
  const line: Array<() => void> = [];
  let inside = 0;
  return async (work) => {
    if (inside >= width) await new Promise<void>((resolve) => line.push(resolve));
    else inside += 1;
    try {
      return await work();
    } finally {
      const next = line.shift();
      // Whoever goes leaves the place to the next in line.
      if (next === undefined) inside -= 1;
      else next();
    }
  };
};
