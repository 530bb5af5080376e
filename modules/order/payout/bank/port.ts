/** The port to whoever pays sellers' banks: four verbs. Its word is the only proof that money went or came back. */
import type { Money } from "@shopnexus/contracts/kit/money";

export type TransferOrder = {
  readonly payoutId: string;
  readonly destination: string;
  readonly amount: Money;
};

/** What the provider says of one transfer. */
export type TransferReport = {
  readonly ref: string;
  /** The payout that it names, if it names one. */
  readonly payoutId: string | undefined;
  readonly destination: string;
  readonly amount: Money;
  /** What came back of it. */
  readonly returnedMinor: number;
  readonly sentAtMs: number;
};

export type Payouts = {
  /** Sends money; a repeat finds the first transfer. `refusal`: it never will, and why. */
  send(order: TransferOrder): Promise<TransferReport | { readonly refusal: string }>;
  /** The transfer of a payout, also when the provider has forgotten its idempotency key. */
  find(payoutId: string): Promise<TransferReport | undefined>;
  status(ref: string): Promise<TransferReport>;
  /** Every transfer from that moment on, newest first: what reconciliation compares with. */
  list(sinceMs: number): AsyncIterable<TransferReport>;
};
