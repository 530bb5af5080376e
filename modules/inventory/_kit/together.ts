/** What steps that go to the database together share: who goes with whom, and how many may wait. */
import type { Db } from "#db/_kit/database.ts";

/** Some seconds of work at the slowest: who would wait longer is better told. */
export const QUEUE_MAX = 2_048;

/** Holds of one trip that commits or releases them. */
export const HOLDS_MAX = 128;

type Asks<I, O> = (request: I) => Promise<O>;

/** One queue a database and actor: a movement says who asked for it, and there are as many actors as modules. */
export const perActor = <I, O>(
  open: (db: Db, actor: string) => Asks<I, O>,
): ((db: Db, actor: string) => Asks<I, O>) => {
  const queues = new WeakMap<Db, Map<string, Asks<I, O>>>();
  return (db, actor) => {
    const actors = queues.get(db) ?? new Map<string, Asks<I, O>>();
    queues.set(db, actors);
    const asks = actors.get(actor) ?? open(db, actor);
    actors.set(actor, asks);
    return asks;
  };
};

/** A step that may not refuse is tried again later by itself. */
export const crowded = (verb: string) => (retryAfterMs: number) =>
  new Error(`${verb}: the queue is full, and has room in ${retryAfterMs} ms`);
