/** How a letter writes amounts and times: the same for everybody, and exact. */
import { type Money, minorDigits } from "@shopnexus/contracts/kit/money";
import type { Instant } from "@shopnexus/contracts/kit/time";

/** `1,234.50 EUR`, `25,000 VND`. */
export const amountOf = ({ minor, currency }: Money): string => {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, "0");
  const units = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
  const decimals = digits === 0 ? "" : `.${text.slice(-digits)}`;
  return `${minor < 0 ? "-" : ""}${units}${decimals} ${currency}`;
};

/** `2026-03-01 12:00 UTC`. */
export const timeOf = (at: Instant): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
