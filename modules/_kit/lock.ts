/**
 * The Lock port: for what must not run twice at once and is not a database row (schedulers, importers,
 * reconciliation). Correctness never rests on it; a lock lost midway aborts its work by signal.
 */
export type Lock = {
  /**
   * Runs `work` while holding `name`, extending the lease for as long as it takes.
   * Gives undefined when somebody else holds it for longer than `waitMs`.
   * The signal is aborted once the lease is lost; `work` must stop then.
   */
  using<T>(name: string, waitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
};
