/** Decisions about chargebacks, of values alone: how much of one comes out of lines, and out of which. */
import { type Move, type Purse, giveBack, shareOut } from "../_kit/money.ts";

/** What is known of a checkout's money when its bank takes some. Minor units of one currency. */
export type Pot = {
  /** Paid at the gateway, gone back there by our hand, and taken by its banks. */
  readonly gatewayMinor: number;
  readonly gatewayReturnedMinor: number;
  readonly chargedBackMinor: number;
  /** Refunds that the gateway did not make because of a bank: out of the lines, and with nobody yet. */
  readonly leftToBankMinor: number;
  /** What earlier chargebacks took out of lines, and of refunds left to the bank. */
  readonly earlierLinesMinor: number;
  readonly earlierSuspenseMinor: number;
};

export type Split = {
  readonly linesMinor: number;
  readonly suspenseMinor: number;
  readonly tenderMinor: number;
};

/**
 * First what a refund had given up already: nobody pays twice for one complaint. Then the lines, as far as their money is
 * at that gateway. What is beyond both was promised to the buyer a moment ago, and the bank was faster.
 */
export const splitOf = (amountMinor: number, pot: Pot, capacityMinor: number): Split => {
  const owed = Math.max(0, pot.leftToBankMinor - pot.earlierSuspenseMinor);
  const first = Math.min(amountMinor, owed);
  const atGateway = pot.gatewayMinor - pot.gatewayReturnedMinor - pot.leftToBankMinor - pot.earlierLinesMinor;
  const linesMinor = Math.min(amountMinor - first, Math.max(0, atGateway), capacityMinor);
  const room = pot.gatewayMinor - pot.gatewayReturnedMinor - pot.chargedBackMinor;
  return {
    linesMinor,
    suspenseMinor: amountMinor - linesMinor,
    tenderMinor: Math.min(linesMinor + first, Math.max(0, room)),
  };
};

/** All that was paid for a line and has not gone back, carriage too. */
export const capacityOf = ({ paidMinor, returnedMinor }: Purse): number => paidMinor - returnedMinor;

/** Each line gives in proportion to what it has left; lines that give nothing are left out. */
export const movesOfShares = <T extends Purse & { readonly lineId: string; readonly orderId: string | null }>(
  lines: readonly T[],
  minor: number,
): Array<Move & { readonly lineId: string; readonly orderId: string }> => {
  const shares = shareOut(minor, lines.map(capacityOf));
  return lines.flatMap((line, at) => {
    const { lineId, orderId } = line;
    const move = giveBack(line, shares[at] ?? 0, true);
    return move.returnedMinor === 0 || orderId === null ? [] : [{ ...move, lineId, orderId }];
  });
};

type Bank = { readonly status: string; readonly suspenseMinor: number | null; readonly owedMinor: number };

/** What is left of refunds that were left to banks, once the banks have taken theirs and some of it was paid after all. */
export const owedBeyond = (leftToBankMinor: number, banks: readonly Bank[]): number => {
  const gone = banks.reduce(
    (sum, { status, suspenseMinor, owedMinor }) =>
      sum + owedMinor + (status === "won" ? 0 : (suspenseMinor ?? 0)),
    0,
  );
  return Math.max(0, leftToBankMinor - gone);
};
