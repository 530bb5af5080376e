import type { VnpayWorld } from "./world.ts";

/** What VNPay holds, counted; money in VND, and not in hundredths. */
export const totalsOf = ({ payments, transactions, deliveries }: VnpayWorld) => {
  const paid = payments.all().filter(({ status }) => status === "paid");
  const refunds = transactions.all().filter(({ type }) => type !== "01");
  const [paidVnd, refundedVnd] = [sum(paid), sum(refunds)];
  return {
    payments: tally(payments.all().map(({ status }) => status)),
    refunds: refunds.length,
    paidVnd,
    refundedVnd,
    netVnd: paidVnd - refundedVnd,
    deliveries: tally(deliveries.all().map(({ state }) => state)),
  };
};

const HUNDREDTHS = 100;

const sum = (items: readonly { amount: number }[]): number =>
  items.reduce((total, { amount }) => total + amount, 0) / HUNDREDTHS;

const tally = (names: readonly string[]): Record<string, number> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, { length }]) => [name, length]));
