/** How long operations take and how they end, for Prometheus. */
import { Histogram, type Registry } from "prom-client";

export type Outcome = "answered" | "refused" | "faulted";
/** Begins to time one attempt at an operation; the function it gives ends it. */
export type Observe = (operation: string) => (outcome: Outcome) => void;

/** From a cache hit to a stuck gateway, seconds. */
const BUCKETS_SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30];

export const observer = (registry: Registry): Observe => {
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
