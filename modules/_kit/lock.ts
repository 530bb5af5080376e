/**
 * The Lock port: for what must not run twice at once and is not a database row (schedulers, importers,
 * reconciliation). Correctness never rests on it; a lock lost midway aborts its work by signal.
 */
export type Lock = {
  /**
   * Runs `work` while holding `name`, extending the lease for as long as it takes, and gives what it gives.
   * Gives undefined, without having run it, when somebody else holds the name for longer than `waitMs`.
   * The signal is aborted, with the reason, once the lease is lost; `work` must stop then. What it gives or throws
   * after that is passed on as it is. Not reentrant: inside `work` the same name is held by somebody else.
   */
  using<T>(name: string, waitMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
};
