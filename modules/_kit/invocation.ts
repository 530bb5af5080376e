/** What the kit keeps beside Restate's context while a handler runs. */
import type { Contract } from "@shopnexus/contracts/kit/contract";
import type { Refused } from "@shopnexus/contracts/kit/refusal";
import { assert } from "./assert.ts";
import type { Probe } from "./probe.ts";

/** What a step answered. A refusal is a value here, so that a journal keeps its code and data. */
export type Answer = { readonly value: unknown } | { readonly refused: Refused };

export type StepCall = {
  readonly input: unknown;
  /** The same in every repeat of one call, in any topology. */
  readonly callKey: string;
  /** The module that calls. */
  readonly caller: string;
};

/** Finds a step's implementation, here or behind the ingress, and runs it. A fault is thrown, to be retried. */
export type Steps = {
  answer(contract: Contract, verb: string, call: StepCall): Promise<Answer>;
};

export type Invocation = {
  readonly module: string;
  readonly steps: Steps;
  readonly probe: Probe | undefined;
  /**
   * Set while there is no way back: in an undo, and after a pivot. A refusal is then a fault and is not journalled, so
   * that a fixed deployment, once it resumes what was paused, asks again.
   */
  mayRefuse: boolean;
  nextPosition(): number;
};

const invocations = new WeakMap<object, Invocation>();

/** Positions count from zero in every attempt: a replay numbers its calls as the first run did. */
export const beginInvocation = (ctx: object, parts: Omit<Invocation, "nextPosition" | "mayRefuse">): void => {
  let position = 0;
  invocations.set(ctx, { ...parts, mayRefuse: true, nextPosition: () => position++ });
};

export const invocationOf = (ctx: object): Invocation => {
  const invocation = invocations.get(ctx);
  assert(invocation !== undefined, "handlers run inside the kit's wrapper, which began this invocation");
  return invocation;
};
