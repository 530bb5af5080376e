/** How long operations take and how they end, and how many go to the database together, for Prometheus. */
import { Counter, Histogram, type Registry } from "prom-client";

export type Outcome = "answered" | "refused" | "faulted";
/** Begins to time one attempt at an operation; the function it gives ends it. */
export type Observe = (operation: string) => (outcome: Outcome) => void;

/** From a cache hit to a stuck gateway, seconds. */
const BUCKETS_SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

export type ObserveBatch = {
  size(count: number): void;
  waitSeconds(seconds: number): void;
  /** A batch that was taken apart, to try each of it by itself. */
  failed(): void;
};

/** Batches belong to a database, not to a host: every host of this process shows them. */
const batchSize = new Histogram({
  name: "shopnexus_batch_size",
  help: "Requests that went to the database together.",
  labelNames: ["batch"],
  buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  registers: [],
});
const batchWait = new Histogram({
  name: "shopnexus_batch_wait_seconds",
  help: "How long a request waited for the batch before its own.",
  labelNames: ["batch"],
  buckets: BUCKETS_SECONDS,
  registers: [],
});

const batchFailed = new Counter({
  name: "shopnexus_batch_failed_total",
  help: "Batches that failed, after which each request was tried by itself.",
  labelNames: ["batch"],
  registers: [],
});

export const observeBatches = (batch: string): ObserveBatch => {
  const [size, wait] = [batchSize.labels({ batch }), batchWait.labels({ batch })];
  const failed = batchFailed.labels({ batch });
  return {
    size: (count) => size.observe(count),
    waitSeconds: (seconds) => wait.observe(seconds),
    failed: () => failed.inc(),
  };
};

export const observer = (registry: Registry): Observe => {
  for (const metric of [batchSize, batchWait, batchFailed]) registry.registerMetric(metric);
  const histogram = new Histogram({
    name: "shopnexus_attempt_seconds",
    help: "Attempts at operations by outcome; a replay is an attempt.",
    labelNames: ["operation", "outcome"],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  return (operation) => {
    const startedAt = performance.now();
    return (outcome) => histogram.observe({ operation, outcome }, (performance.now() - startedAt) / 1_000);
  };
};
