/** How VNPay tells time, and how a reference carries it: its API knows a payment by both. */
import { HOUR_MS } from "@shopnexus/contracts/kit/time";

const VIETNAM_AHEAD_MS = 7 * HOUR_MS;
const STAMP_LENGTH = 14;

/** yyyyMMddHHmmss in Vietnam. */
export const stampOf = (at: Date): string =>
  new Date(at.getTime() + VIETNAM_AHEAD_MS).toISOString().replaceAll(/\D/g, "").slice(0, STAMP_LENGTH);

/** The reference of a payment: the charge, and the time it was made at; letters and digits alone. */
export const referenceOf = (chargeId: string, openedAt: Date): string =>
  chargeId.slice("chg_".length) + stampOf(openedAt);

export const stampIn = (ref: string): string => ref.slice(-STAMP_LENGTH);

export const chargeIn = (ref: string): string | undefined =>
  /^[0-9a-f]{32}[0-9]{14}$/.test(ref) ? `chg_${ref.slice(0, -STAMP_LENGTH)}` : undefined;
