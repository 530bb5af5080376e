/** Who may make coupons, and when two batches are one. */
import type { AccountPrincipal } from "#modules/_kit/principal.ts";
import type { BatchRow } from "./rows.ts";

/** A seller's promotions are the seller's own, the platform's every operator's; `owner` undefined: there is none. */
export const isOwned = (owner: string | null | undefined, { accountId, roles }: AccountPrincipal): boolean =>
  owner === null ? roles.includes("operator") : owner === accountId;

export const isSameBatch = (one: BatchRow, other: BatchRow): boolean =>
  one.prefix === other.prefix &&
  one.couponCount === other.couponCount &&
  (one.accountsHash ?? null) === (other.accountsHash ?? null);
