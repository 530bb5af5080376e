/** Time is UTC ISO 8601 on the wire; durations are named constants built from these. */
import { z } from "zod";

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** An instant, UTC, from 1970 on, e.g. `2026-01-31T12:00:00.000Z`. */
export const Instant = z.iso.datetime().refine((at) => at >= "1970", "must not be before 1970");
export type Instant = z.infer<typeof Instant>;

export const instant = (epochMs: number): Instant => new Date(epochMs).toISOString();
export const epochMs = (at: Instant): number => Date.parse(at);
