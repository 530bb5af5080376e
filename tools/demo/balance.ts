/** What must be true of a purchase that ended well; pure, so that the judge itself is under test. */
import type { Entry } from "@shopnexus/contracts/account/ledger";
import type { Level } from "@shopnexus/contracts/inventory/stock";

export type Bought = { skuId: string; pieces: number };
export type PlacedOrder = {
  orderId: string;
  sellerId: string;
  /** Each with its part of the carriage. */
  lines: readonly (Bought & { title: string; totalMinor: number })[];
  totalMinor: number;
  currency: string;
};
export type Evidence = {
  orders: readonly PlacedOrder[];
  bought: readonly Bought[];
  payment: { amount: { minor: number; currency: string }; state: string } | null;
  ledger: readonly Entry[];
  stock: { before: readonly Level[]; after: readonly Level[] };
};

/** One sentence for each thing that is wrong; none when all is well. */
export const wrongs = (evidence: Evidence): string[] => [
  ...wrongOrders(evidence),
  ...wrongLedger(evidence),
  ...wrongStock(evidence),
];

const sumOf = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

const wrongOrders = ({ orders, payment, bought }: Evidence): string[] => {
  const said: string[] = [];
  if (orders.length === 0) said.push("the purchase did not end as an order");
  if (payment?.state !== "settled") said.push(`the payment is ${payment?.state ?? "not there"}, not settled`);
  const total = sumOf(orders.map(({ totalMinor }) => totalMinor));
  if (payment?.amount.minor !== total)
    said.push(`the orders come to ${total}, the payment to ${payment?.amount.minor}`);
  for (const { orderId, lines, totalMinor } of orders)
    if (sumOf(lines.map((line) => line.totalMinor)) !== totalMinor)
      said.push(`the lines of ${orderId} do not add up`);
  for (const { skuId, pieces } of bought) {
    const ordered = orders.flatMap(({ lines }) => lines).filter((line) => line.skuId === skuId);
    if (sumOf(ordered.map((line) => line.pieces)) !== pieces)
      said.push(`${skuId} was not ordered ${pieces} times`);
  }
  return said;
};

const wrongLedger = ({ orders, ledger, payment }: Evidence): string[] => {
  const said = ledger.flatMap(({ entryId, lines }) =>
    sumOf(lines.map(({ minor }) => minor)) === 0 ? [] : [`ledger entry ${entryId} does not balance`],
  );
  const lines = ledger.flatMap((entry) => entry.lines);
  const balance = (isThat: (account: string) => boolean) =>
    sumOf(lines.filter(({ account }) => isThat(account)).map(({ minor }) => minor));
  const captured = -balance((account) => account.startsWith("gateway:"));
  if (captured !== payment?.amount.minor)
    said.push(`the ledger took ${captured} from the gateway, the payment is ${payment?.amount.minor}`);
  for (const { orderId, totalMinor } of orders) {
    const held = balance((account) => account === `escrow:${orderId}`);
    if (held !== totalMinor) said.push(`escrow of ${orderId} holds ${held}, the order is ${totalMinor}`);
  }
  const currency = orders[0]?.currency;
  if (lines.some((line) => line.currency !== currency))
    said.push("the ledger is not in the currency of the orders");
  return said;
};

const wrongStock = ({ bought, stock }: Evidence): string[] =>
  bought.flatMap(({ skuId, pieces }) => {
    const [before, after] = [stock.before, stock.after].map((levels) =>
      levels.find((level) => level.skuId === skuId),
    );
    if (before === undefined || after === undefined) return [`the level of ${skuId} is missing`];
    const isRight =
      after.sold - before.sold === pieces &&
      before.available - after.available === pieces &&
      after.onHand === before.onHand &&
      after.held === before.held;
    return isRight ? [] : [`the stock of ${skuId} did not move by exactly the ${pieces} bought`];
  });
