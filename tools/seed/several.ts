/** Enough to keep a small machine busy, few enough for its connection pools. */
const AT_ONCE = 16;

/** Does the work for every item, sixteen at a time; results in the order of the items. The first failure ends it. */
export const severalAtOnce = async <T, R>(
  items: readonly T[],
  work: (item: T, at: number) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const at = next++;
      try {
        results[at] = await work(items[at] as T, at);
      } catch (error) {
        next = items.length;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
};
