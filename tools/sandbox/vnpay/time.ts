const VIETNAM_AHEAD_MS = 7 * 60 * 60 * 1_000;
const STAMP = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})$/;

/** yyyyMMddHHmmss in Vietnam, the only way VNPay tells time. */
export const stampOf = (ms: number): string =>
  new Date(ms + VIETNAM_AHEAD_MS).toISOString().replaceAll(/\D/g, "").slice(0, 14);

/** Undefined for what is no time. */
export const timeOf = (stamp: string): number | undefined => {
  const parts = STAMP.exec(stamp)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second) - VIETNAM_AHEAD_MS;
  return stampOf(ms) === stamp ? ms : undefined;
};
