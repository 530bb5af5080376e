import type { HttpBindings } from "@hono/node-server";
import type { Hono } from "hono";

export type App = Hono<{ Bindings: HttpBindings }>;

/** One more corner of the outside world that lives in the sandbox beside Stripe: a carrier, a mail server, a bank.
 *  It is opened with the world, which has the store for its shelves, the clock and the faults. */
export type Part = {
  /** Its key in the answer of `GET /sandbox/state`. */
  readonly name: string;
  /** Its routes, under a first segment of its own; its controls under `/sandbox/<name>`. */
  mount?(app: App): void;
  /** Once the sandbox listens, so that `world.url` is known. */
  start?(): void | Promise<void>;
  /** What `POST /sandbox/reset` forgets, beyond the store file, which is wiped for all. */
  reset?(): void;
  /** What it holds, counted. */
  totals?(): object;
  stop?(): void | Promise<void>;
};
