/**
 * Group commit for requests of one kind: who comes while another is at the database waits, and all who wait go in the
 * next trip together, in the order in which they came. Who comes when nobody is there goes at once and by itself.
 */
import { SECOND_MS } from "@shopnexus/contracts/kit/time";
import { sqlState } from "#db/_kit/transaction.ts";
import { type ObserveBatch, observeBatches } from "./observe.ts";

/** What became of one request in company; `alone` if it has to be tried by itself. */
export type Outcome<O> = { readonly answer: O } | { readonly refusal: Error } | "alone";

export type Batching<I, O> = {
  /** As the metrics call it. */
  readonly name: string;
  /** Requests of one key are never in one batch. */
  keyOf(request: I): string;
  /** How much of a batch a request takes up. */
  weigh(request: I): number;
  readonly weightMax: number;
  /** So many may be under way; who comes then is turned away. */
  readonly queueMax: number;
  /** What is thrown at who is turned away. */
  busy(retryAfterMs: number): Error;
  /** One request by itself. */
  one(request: I): Promise<O>;
  /**
   * Some, in their order, in one transaction: an outcome each. It waits for no lock longer than a second. What the
   * database finds fault with is tried again, each by itself.
   */
  together(requests: readonly I[]): Promise<readonly Outcome<O>[]>;
};

type Ticket<I, O> = {
  readonly request: I;
  readonly cameAtMs: number;
  readonly resolve: (answer: O) => void;
  readonly reject: (error: unknown) => void;
};

/** Who came back from the database, and has not heard of it yet. */
type Answered = { readonly count: number; tell(): void };
const nobody: Answered = { count: 0, tell: () => undefined };

type Queue<I, O> = {
  readonly batching: Batching<I, O>;
  readonly observe: ObserveBatch;
  readonly waiting: Ticket<I, O>[];
  isUnderWay: boolean;
  /** Those who wait and those who are under way. */
  presentCount: number;
  lastMs: number;
};

/** Who waits for a lock this long is left to it, with a connection; the others go on. */
const PATIENCE_MS = SECOND_MS;

/**
 * From so many on, those who wait go in halves: while one is at the database, the other is answered and asks again, and
 * neither the database nor this process waits for the other. Fewer share a trip: it costs more than the waiting.
 */
const CROWD_COUNT = 48;

/** A batch that was taken apart leaves connections to the others: behind a busy one the driver would queue them. */
const APART_AT_ONCE = 4;

/** Nobody is sent away for less than a trip to the database, nor for so long that a drop would be over. */
const RETRY_MS = { min: 50, max: 5 * SECOND_MS };

/** Gives the function that asks. One batch is under way at a time, which is what keeps the order. */
export const batcher = <I, O>(batching: Batching<I, O>): ((request: I) => Promise<O>) => {
  const observe = observeBatches(batching.name);
  const queue: Queue<I, O> = {
    batching,
    observe,
    waiting: [],
    isUnderWay: false,
    presentCount: 0,
    lastMs: 0,
  };
  return (request) => {
    if (queue.presentCount >= batching.queueMax) throw batching.busy(retryAfterMs(queue));
    queue.presentCount += 1;
    return queue.isUnderWay ? wait(queue, request) : goAtOnce(queue, request);
  };
};

const wait = <I, O>(queue: Queue<I, O>, request: I): Promise<O> =>
  new Promise<O>((resolve, reject) => {
    queue.waiting.push({ request, cameAtMs: performance.now(), resolve, reject });
  }).finally(() => {
    queue.presentCount -= 1;
  });

/** Nobody is there: nothing stands between the request and the database. */
const goAtOnce = <I, O>(queue: Queue<I, O>, request: I): Promise<O> => {
  queue.isUnderWay = true;
  queue.observe.size(1);
  queue.observe.waitSeconds(0);
  let isOver = false;
  const next = (): void => {
    if (isOver) return;
    isOver = true;
    if (queue.waiting.length > 0) goTogether(queue).catch(endProcess);
    else queue.isUnderWay = false;
  };
  const timer = setTimeout(next, PATIENCE_MS);
  return queue.batching.one(request).finally(() => {
    queue.presentCount -= 1;
    clearTimeout(timer);
    next();
  });
};

const goTogether = async <I, O>(queue: Queue<I, O>): Promise<void> => {
  const { batching, waiting } = queue;
  let answered = nobody;
  while (waiting.length > 0) {
    if (waiting.length < CROWD_COUNT) {
      answered.tell();
      answered = nobody;
      // Who was just answered and asks again, and who stands at the door, comes along: fewer and fuller trips.
      await new Promise(setImmediate);
    }
    const batch = waiting.splice(0, sizeOfNext(batching, waiting, answered.count));
    const beganAtMs = performance.now();
    tellOf(queue, batch, beganAtMs);
    const trip = patiently(serve(queue, batch));
    // While these are at the database, those before them hear what became of them, and may ask again.
    answered.tell();
    answered = await trip;
    queue.lastMs = performance.now() - beganAtMs;
    if (waiting.length > 0) continue;
    answered.tell();
    answered = nobody;
    if (batch.length > 1) await new Promise(setImmediate);
  }
  queue.isUnderWay = false;
};

/** Gives who is to be told when the work ends; nobody when it takes too long to be waited for, and then tells them itself. */
const patiently = async (work: Promise<Answered>): Promise<Answered> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
  });
  const answered = await Promise.race([work, tooLong]);
  clearTimeout(timer);
  if (answered !== undefined) return answered;
  work.then(({ tell }) => tell()).catch(endProcess);
  return nobody;
};

/** As long as the trips take that are full of who is there. */
const retryAfterMs = <I, O>({ batching, presentCount, lastMs }: Queue<I, O>): number =>
  Math.min(RETRY_MS.max, Math.max(RETRY_MS.min, Math.ceil((presentCount / batching.weightMax) * lastMs)));

/** How many of who waits longest go together: at least one, and none of one key twice; of a crowd, half of who is there. */
const sizeOfNext = <I, O>(
  { keyOf, weigh, weightMax }: Batching<I, O>,
  waiting: readonly Ticket<I, O>[],
  answeredCount: number,
): number => {
  const keys = new Set<string>();
  const countMax = Math.max(CROWD_COUNT, Math.ceil((waiting.length + answeredCount) / 2));
  let weight = 0;
  for (const { request } of waiting) {
    weight += weigh(request);
    if (keys.size === countMax || (weight > weightMax && keys.size > 0) || keys.has(keyOf(request))) break;
    keys.add(keyOf(request));
  }
  return keys.size;
};

const tellOf = <I, O>({ observe }: Queue<I, O>, batch: readonly Ticket<I, O>[], beganAtMs: number): void => {
  observe.size(batch.length);
  for (const { cameAtMs } of batch) observe.waitSeconds((beganAtMs - cameAtMs) / SECOND_MS);
};

const serve = async <I, O>(queue: Queue<I, O>, batch: readonly Ticket<I, O>[]): Promise<Answered> => {
  const { batching, observe } = queue;
  const count = batch.length;
  const [first] = batch;
  if (first !== undefined && count === 1) {
    await batching.one(first.request).then(first.resolve, first.reject);
    return nobody;
  }
  try {
    const outcomes = await batching.together(batch.map(({ request }) => request));
    return {
      count,
      tell: () => {
        for (const [at, ticket] of batch.entries()) tell(batching, ticket, outcomes[at] ?? "alone");
      },
    };
  } catch (error) {
    if (sqlState(error) === undefined) return { count, tell: () => refuseAll(batch, error) };
    // What the database found fault with may be the fault of one: they are taken apart, and nobody waits for them.
    observe.failed();
    const left = [...batch];
    for (let lane = 0; lane < APART_AT_ONCE; lane += 1) apart(batching, left).catch(endProcess);
    return nobody;
  }
};

const refuseAll = <I, O>(batch: readonly Ticket<I, O>[], error: unknown): void => {
  for (const { reject } of batch) reject(error);
};

/** One after the other, and the same way as in company: who waits for a lock waits no longer than the company did. */
const apart = async <I, O>(batching: Batching<I, O>, left: Ticket<I, O>[]): Promise<void> => {
  for (let ticket = left.shift(); ticket !== undefined; ticket = left.shift()) {
    try {
      const [outcome = "alone"] = await batching.together([ticket.request]);
      tell(batching, ticket, outcome);
    } catch (error) {
      ticket.reject(error);
    }
  }
};

const tell = <I, O>(batching: Batching<I, O>, ticket: Ticket<I, O>, outcome: Outcome<O>): void => {
  if (outcome === "alone") batching.one(ticket.request).then(ticket.resolve, ticket.reject);
  else if ("answer" in outcome) ticket.resolve(outcome.answer);
  else ticket.reject(outcome.refusal);
};

/** A queue that nobody serves any more would be worse than a process that starts again. */
const endProcess = (error: unknown): void => {
  queueMicrotask(() => {
    throw error;
  });
};
