import type { Shelf } from "../shelf.ts";
import type { Faults } from "../weather/faults.ts";
import { derange } from "../weather/random.ts";
import { afterAttempt, type Attempt, type Carried, type Delivery, newDelivery } from "./delivery.ts";
import { type Line, makeLine } from "./line.ts";

/** Takes events where they are wanted, through the weather, and knocks until it is told that they arrived. */
export type Dispatch<E extends Carried> = {
  /** Where to, and which event types; all when none are named. */
  aim(url: string | undefined, types?: readonly string[]): void;
  isAimedAt(type: string): boolean;
  publish(event: E): void;
  /** Delivers an event again, past all faults. */
  replay(event: E, times: number, lateMs?: number): void;
  /** Takes up what a former run left pending. */
  resume(): void;
  /** Forgets what is on its way. */
  drop(): void;
  stop(): void;
};

type Parts<E extends Carried> = {
  events: Pick<Shelf<E>, "get">;
  deliveries: Shelf<Delivery>;
  faults: Faults;
  now(): number;
  knock: Knock<E>;
  /** What an attempt makes of a delivery; as webhooks do it when left out. */
  after?: typeof afterAttempt;
};

/** One try to bring an event to an address. */
export type Knock<E> = (event: E, url: string) => Promise<Pick<Attempt, "status" | "error" | "answer">>;

type Aim = { url: string | undefined; types: ReadonlySet<string> | undefined };

// More at once would only queue inside the receiver.
const IN_FLIGHT_MAX = 32;
// Events of one burst gather this long before they leave out of order,
const REORDER_WINDOW_MS = 60;
// and leave this far apart, so that parallel sockets do not restore the order.
const REORDER_STEP_MS = 5;

export const makeDispatch = <E extends Carried>(parts: Parts<E>): Dispatch<E> => {
  const { deliveries, faults, now } = parts;
  let aim: Aim = { url: undefined, types: undefined };
  const line = makeLine(
    (id) => deliver(parts, (event) => tryOnce(parts, { event, url: aim.url }), id),
    IN_FLIGHT_MAX,
  );
  const gathering = makeGathering(line, faults);
  const drop = () => {
    gathering.drop();
    line.drop();
  };
  const depart = (event: E) => {
    const { loseRate, reorder, lateMs } = faults.current().webhooks ?? {};
    const isLost = loseRate !== undefined && faults.random() < loseRate;
    const delivery = newDelivery(event, now(), isLost);
    deliveries.put(delivery);
    if (isLost) return;
    if (reorder === true) gathering.add(delivery.id);
    else line.send(delivery.id, lateMs ?? 0);
  };
  const isAimedAt = (type: string) => aim.url !== undefined && (aim.types?.has(type) ?? true);
  const publish = (event: E) => {
    if (!isAimedAt(event.type)) return;
    const copies = 1 + (faults.current().webhooks?.duplicate ?? 0);
    for (let copy = 0; copy < copies; copy += 1) depart(event);
  };
  return {
    aim: (url, types) => {
      aim = { url, types: types && new Set(types) };
    },
    isAimedAt,
    publish,
    replay: (event, times, lateMs = 0) => replay(parts, line, { event, times, lateMs }),
    resume: () => resume(parts, line),
    drop,
    stop: drop,
  };
};

type Replay = { event: Carried; times: number; lateMs: number };
type Ledger = { deliveries: Shelf<Delivery>; now(): number };

const replay = ({ deliveries, now }: Ledger, line: Line, { event, times, lateMs }: Replay): void => {
  for (let time = 0; time < times; time += 1) {
    const delivery = { ...newDelivery(event, now(), false), dueAtMs: now() + lateMs };
    deliveries.put(delivery);
    line.send(delivery.id, lateMs);
  }
};

const resume = ({ deliveries, now }: Ledger, line: Line): void => {
  for (const { id, state, dueAtMs } of deliveries.all()) {
    if (state === "pending") line.send(id, Math.max(0, dueAtMs - now()));
  }
};

type Gathering = { add(id: string): void; drop(): void };

/** Holds a burst of deliveries and lets it go in another order. */
const makeGathering = (line: Line, faults: Faults): Gathering => {
  let ids: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const release = () => {
    const lateMs = faults.current().webhooks?.lateMs ?? 0;
    for (const [i, id] of derange(ids, faults.random).entries()) line.send(id, lateMs + i * REORDER_STEP_MS);
    ids = [];
    timer = undefined;
  };
  return {
    add: (id) => {
      ids.push(id);
      timer ??= setTimeout(release, REORDER_WINDOW_MS);
    },
    drop: () => {
      clearTimeout(timer);
      timer = undefined;
      ids = [];
    },
  };
};

/** One attempt. Gives the delay before the next one, if there is to be one. */
const deliver = async <E extends Carried>(
  { events, deliveries, now, after: judge = afterAttempt }: Parts<E>,
  knock: (event: E) => Promise<Attempt>,
  id: string,
): Promise<number | undefined> => {
  const event = events.get(deliveries.get(id)?.event ?? "");
  if (event === undefined) return undefined;
  const attempt = await knock(event);
  const before = deliveries.get(id);
  // A reset can happen while the request is out.
  if (before === undefined) return undefined;
  const after = judge(before, attempt, now());
  deliveries.put(after);
  return after.state === "pending" ? after.dueAtMs - now() : undefined;
};

type Parcel<E> = { event: E; url: string | undefined };

const tryOnce = async <E extends Carried>(
  { knock, now }: Parts<E>,
  { event, url }: Parcel<E>,
): Promise<Attempt> => {
  const at = new Date(now()).toISOString();
  if (url === undefined) return { at, status: null, error: "no webhook url" };
  try {
    return { at, ...(await knock(event, url)) };
  } catch (error) {
    return { at, status: null, error: error instanceof Error ? error.message : String(error) };
  }
};
