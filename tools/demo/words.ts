import type { Money } from "@shopnexus/contracts/kit/money";

/** `12.34 USD`. For currencies with two decimals, which is all that the catalogue has. */
export const amount = ({ minor, currency }: Money): string => {
  const digits = String(minor).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)} ${currency}`;
};
