/** What measured prices come to: values alone. */
import type { Field } from "./promotions.ts";

/** The most that one price may take while 1,000 run, of a hundred ninety-nine. */
export const P99_MS_MAX = 5;

export type Timings = {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuP50Ms: number;
  readonly cpuP99Ms: number;
};
/** By the wall's clock; by the CPU's where others keep the machine busy. */
export type JudgedBy = "wall" | "cpu";
export type PriceRow = Field &
  Timings & {
    readonly what: "engine" | "whole";
    readonly applied: number;
    /** Null: nothing is promised of this one. */
    readonly isWithin: boolean | null;
  };

type Measured = Timings & { readonly applied: number; readonly judgedBy: JudgedBy };

/** Promised while 1,000 run: the engine whatever matches, the whole where some match. */
export const rowOf = (
  what: PriceRow["what"],
  field: Field,
  { judgedBy, ...measured }: Measured,
): PriceRow => {
  const isPromised = field.running === 1_000 && (what === "engine" || field.matching < field.running);
  const p99Ms = judgedBy === "wall" ? measured.p99Ms : measured.cpuP99Ms;
  return { what, ...field, ...measured, isWithin: isPromised ? p99Ms < P99_MS_MAX : null };
};
