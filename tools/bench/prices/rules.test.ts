import { expect, test } from "vitest";
import { P99_MS_MAX, rowOf } from "./rules.ts";

const busy = { p50Ms: 2, p99Ms: P99_MS_MAX, cpuP50Ms: 1, cpuP99Ms: P99_MS_MAX - 0.01, applied: 20 };
const some = { running: 1_000, matching: 20 };
const all = { running: 1_000, matching: 1_000 };

test("a price is within its time by the clock that judges, and not at it", () => {
  expect(rowOf("whole", some, { ...busy, judgedBy: "wall" }).isWithin).toBe(false);
  expect(rowOf("whole", some, { ...busy, judgedBy: "cpu" }).isWithin).toBe(true);
  expect(rowOf("engine", all, { ...busy, judgedBy: "wall" }).isWithin).toBe(false);
});

test("nothing is promised of a statement that all 1,000 match, nor while 10,000 run", () => {
  expect(rowOf("whole", all, { ...busy, judgedBy: "wall" }).isWithin).toBeNull();
  expect(rowOf("engine", { ...some, running: 10_000 }, { ...busy, judgedBy: "wall" }).isWithin).toBeNull();
});
