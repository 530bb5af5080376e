/** Decisions about charges, of values alone. */
import type { Money } from "@shopnexus/contracts/kit/money";
import { splitTender } from "../_kit/money.ts";
import type { ChargeRow, TenderRow } from "./rows.ts";

/** What is wrong with the money that came in, if anything: amount, currency and reference must all be ours. */
export const isAsAsked = (
  row: Pick<ChargeRow, "amountMinor" | "currency" | "gatewayRef" | "paidMinor" | "paidCurrency" | "paidRef">,
): boolean =>
  row.paidMinor === row.amountMinor && row.paidCurrency === row.currency && row.paidRef === row.gatewayRef;

/** The same, of money that the gateway may take and has not taken. */
export const isAuthorizedAsAsked = (
  row: Pick<ChargeRow, "amountMinor" | "currency" | "authorizedMinor" | "authorizedCurrency">,
): boolean => row.authorizedMinor === row.amountMinor && row.authorizedCurrency === row.currency;

export const authorizedOf = (row: Pick<ChargeRow, "authorizedMinor" | "authorizedCurrency">): Money | null =>
  row.authorizedMinor === null || row.authorizedCurrency === null
    ? null
    : { minor: row.authorizedMinor, currency: row.authorizedCurrency };

/** What the gateway says came in, null if nothing did. */
export const paidOf = (row: Pick<ChargeRow, "paidMinor" | "paidCurrency">): Money | null =>
  row.paidMinor === null || row.paidCurrency === null
    ? null
    : { minor: row.paidMinor, currency: row.paidCurrency };

type Ways = Pick<
  TenderRow,
  "gatewayMinor" | "walletMinor" | "gatewayReturnedMinor" | "walletReturnedMinor" | "chargedBackMinor"
>;

/**
 * How much goes back at the gateway and how much to the wallet: in proportion, as far as each has room; what a
 * chargeback left no room for goes the other way. Undefined when there is not that much.
 */
export const partsOf = (
  by: Ways,
  minor: number,
): { gatewayMinor: number; walletMinor: number } | undefined => {
  const gatewayLeft = by.gatewayMinor - by.gatewayReturnedMinor - by.chargedBackMinor;
  const walletLeft = by.walletMinor - by.walletReturnedMinor;
  if (minor > gatewayLeft + walletLeft) return undefined;
  const ideal = splitTender(by, by.gatewayReturnedMinor + by.walletReturnedMinor, minor).gatewayMinor;
  const gatewayMinor = Math.max(minor - walletLeft, Math.min(ideal, gatewayLeft));
  return { gatewayMinor, walletMinor: minor - gatewayMinor };
};
