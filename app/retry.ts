import type { RetryPolicy } from "@restatedev/restate-sdk";

/**
 * Faults are weather: tried again quickly at first, then every ten seconds. A handler that a saga may have to undo is
 * paused in the end, never killed: a kill would skip the undo, and a fixed deployment can resume what is paused.
 * Sixty attempts are about nine minutes: longer than a database's restart, short enough to be seen the same day.
 */
export const RETRY_POLICY: RetryPolicy = {
  initialInterval: 50,
  exponentiationFactor: 2,
  maxInterval: 10_000,
  maxAttempts: 60,
  onMaxAttempts: "pause",
};
