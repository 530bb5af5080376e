import type { Account, Reversal, Transfer } from "./connect/shapes.ts";
import type { Dispute } from "./disputes/shapes.ts";
import type { Courier } from "./hooks/courier.ts";
import { makeCourier } from "./hooks/courier.ts";
import type { Delivery } from "./hooks/delivery.ts";
import { type SandboxEvent, sealed } from "./hooks/events.ts";
import type { Transaction } from "./ledger/transactions.ts";
import type { Charge, Intent, Refund } from "./money/shapes.ts";
import type { Part } from "./parts.ts";
import { openShelf, type Shelf } from "./shelf.ts";
import type { Store } from "./store.ts";
import { type Faults, makeFaults } from "./weather/faults.ts";
import type { Form } from "./wire/form.ts";
import type { KeptReply } from "./wire/idempotency.ts";

/** Everything the emulator knows. */
export type World = {
  intents: Shelf<Intent>;
  charges: Shelf<Charge>;
  refunds: Shelf<Refund>;
  disputes: Shelf<Dispute>;
  accounts: Shelf<Account>;
  transfers: Shelf<Transfer>;
  reversals: Shelf<Reversal>;
  /** The movements of the shop's balance. */
  transactions: Shelf<Transaction>;
  events: Shelf<SandboxEvent>;
  deliveries: Shelf<Delivery>;
  replies: Shelf<KeptReply>;
  faults: Faults;
  courier: Courier<SandboxEvent>;
  /** Milliseconds, never going back: lists stop at the first object that is too old. */
  now(): number;
  /** Where the emulator listens, without a slash at the end. */
  url: string;
  store: Store;
  /** What lives here beside Stripe. */
  parts: readonly Part[];
  reset(): void;
};

/** One request, decoded, and the world it is asked of. */
export type Call = {
  world: World;
  id: string;
  params: Form;
  requestId: string;
  idempotencyKey: string | null;
};

/** Executes one request at once: nothing else runs between its first read and its last write. */
export type Operation = (call: Call) => object;

type Options = { store: Store; seed: number; webhookSecret: string; clock: () => number };

export const openWorld = ({ store, seed, webhookSecret, clock }: Options): World => {
  const now = steady(clock);
  const faults = makeFaults(seed);
  const shelves = {
    intents: openShelf<Intent>("intent", store),
    charges: openShelf<Charge>("charge", store),
    refunds: openShelf<Refund>("refund", store),
    disputes: openShelf<Dispute>("dispute", store),
    accounts: openShelf<Account>("account", store),
    transfers: openShelf<Transfer>("transfer", store),
    reversals: openShelf<Reversal>("reversal", store),
    transactions: openShelf<Transaction>("transaction", store),
    events: openShelf<SandboxEvent>("event", store),
    deliveries: openShelf<Delivery>("delivery", store),
    replies: openShelf<KeptReply>("reply", store),
  };
  const seal = (event: SandboxEvent) => sealed(event, webhookSecret, now());
  const courier = makeCourier({ ...shelves, faults, now, seal });
  const world: World = { ...shelves, faults, courier, now, url: "", store, parts: [], reset: () => reset() };
  const reset = () => {
    faults.clear();
    courier.drop();
    for (const shelf of Object.values(shelves)) shelf.clear();
    for (const part of world.parts) part.reset?.();
    store.wipe();
  };
  return world;
};

const steady = (clock: () => number): (() => number) => {
  let latest = 0;
  return () => {
    latest = Math.max(latest, clock());
    return latest;
  };
};
