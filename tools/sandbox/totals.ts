import { available } from "./ledger/balance.ts";
import type { World } from "./world.ts";

type Totals = Record<string, number>;

/** What the emulator holds, counted: what a test compares with what the shop believes. */
export type State = {
  intents: Totals;
  charges: Totals;
  /** Minor units by currency. */
  captured: Totals;
  refunded: Totals;
  net: Totals;
  /** Held and not captured. */
  capturable: Totals;
  refunds: number;
  disputes: Totals;
  /** Taken by banks, and not won back. */
  disputed: Totals;
  transfers: number;
  /** Sent to accounts of Connect, and not taken back. */
  transferred: Totals;
  /** What is left: net, less disputed, less transferred. */
  balance: Totals;
  events: number;
  deliveries: Totals;
  /** Each further part, under its name. */
  [part: string]: unknown;
};

export const stateOf = (world: World): State => {
  const intents = world.intents.all();
  const captured = sum(intents, ({ currency, amount_received }) => [currency, amount_received]);
  const refunded = sum(world.refunds.all(), ({ currency, amount }) => [currency, amount]);
  const currencies = Object.keys(captured);
  return {
    intents: sum(intents, ({ status }) => [status, 1]),
    charges: sum(world.charges.all(), ({ status }) => [status, 1]),
    captured,
    refunded,
    net: Object.fromEntries(
      currencies.map((currency) => [currency, (captured[currency] ?? 0) - (refunded[currency] ?? 0)]),
    ),
    capturable: sum(intents, ({ currency, amount_capturable }) => [currency, amount_capturable]),
    refunds: world.refunds.all().length,
    disputes: sum(world.disputes.all(), ({ status }) => [status, 1]),
    disputed: sum(world.disputes.all(), ({ currency, amount, status }) => [
      currency,
      status === "won" ? 0 : amount,
    ]),
    transfers: world.transfers.all().length,
    transferred: sum(world.transfers.all(), ({ currency, amount, amount_reversed }) => [
      currency,
      amount - amount_reversed,
    ]),
    balance: available(world),
    events: world.events.all().length,
    deliveries: sum(world.deliveries.all(), ({ state }) => [state, 1]),
    ...Object.fromEntries(world.parts.map((part) => [part.name, part.totals?.() ?? {}])),
  };
};

const sum = <T>(items: readonly T[], entry: (item: T) => [name: string, amount: number]): Totals => {
  const totals: Totals = {};
  for (const item of items) {
    const [name, amount] = entry(item);
    totals[name] = (totals[name] ?? 0) + amount;
  }
  return totals;
};
