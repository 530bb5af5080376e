/** Decisions about charges, of values alone. */
import type { Money } from "@shopnexus/contracts/kit/money";
import type { ChargeRow } from "./rows.ts";

/** What is wrong with the money that came in, if anything: amount, currency and reference must all be ours. */
export const isAsAsked = (
  row: Pick<ChargeRow, "amountMinor" | "currency" | "gatewayRef" | "paidMinor" | "paidCurrency" | "paidRef">,
): boolean =>
  row.paidMinor === row.amountMinor && row.paidCurrency === row.currency && row.paidRef === row.gatewayRef;

/** What the gateway says came in, null if nothing did. */
export const paidOf = (row: Pick<ChargeRow, "paidMinor" | "paidCurrency">): Money | null =>
  row.paidMinor === null || row.paidCurrency === null
    ? null
    : { minor: row.paidMinor, currency: row.paidCurrency };
