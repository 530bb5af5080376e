/** A board binds a module's components to their implementations: what the host loads, and all that it sees of a module. */
import type { Contract } from "@shopnexus/contracts/kit/contract";
import type { Implementation } from "./handler.ts";

/** How Restate treats a component. What a saga may have to undo pauses when retries are exhausted, never dies. */
export type ComponentOptions = {
  /** How long Restate keeps the answer to a repeated ingress call, ms. The server's default when absent. */
  readonly idempotencyRetentionMs?: number;
  /** How long a finished workflow answers attach, ms. */
  readonly workflowRetentionMs?: number;
  /** How long a finished invocation's journal can be read, ms. */
  readonly journalRetentionMs?: number;
  /** The longest that one attempt may be silent before it is asked to stop, ms. */
  readonly inactivityMs?: number;
};

/**
 * A step of this module that runs every so often; the next tick repeats what a failed one left. Or an op: it is sent,
 * once a tick, and goes on by itself.
 */
export type Cron = {
  readonly name: string;
  readonly everyMs: number;
  readonly component: string;
  readonly verb: string;
  readonly input: unknown;
};

// oxlint-disable-next-line typescript/no-explicit-any -- the board is where types end; `provide` has checked them
type AnyFunction = (...args: any[]) => Promise<unknown>;

export type Component = {
  readonly contract: Contract;
  readonly handlers: Readonly<Record<string, AnyFunction>>;
  readonly options: ComponentOptions;
};

export type Board = {
  readonly module: string;
  readonly components: readonly Component[];
  readonly crons: readonly Cron[];
};

/** Binds a contract: leaving an operation out, or one that differs from its page, does not compile. */
export const provide = <const C extends Contract>(
  contract: C,
  handlers: Implementation<C>,
  options: ComponentOptions = {},
): Component => ({ contract, handlers: handlers as Component["handlers"], options });

export const board = (
  module: string,
  components: readonly Component[],
  crons: readonly Cron[] = [],
): Board => ({ module, components, crons });
