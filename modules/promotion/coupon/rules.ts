/** When two batches are one. */
import type { BatchRow } from "./rows.ts";

export const isSameBatch = (one: BatchRow, other: BatchRow): boolean =>
  one.prefix === other.prefix &&
  one.couponCount === other.couponCount &&
  (one.accountsHash ?? null) === (other.accountsHash ?? null);
