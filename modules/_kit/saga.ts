/**
 * Sagas as plain code: a do and its undo are one value. The undo is registered before the do runs and sees only what
 * the do was given, so a do whose answer was lost is taken back all the same.
 */
import * as restate from "@restatedev/restate-sdk";
import { CommonRefusals, RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { assert } from "./assert.ts";
import { invocationOf } from "./invocation.ts";

type Nothing = { readonly nothing: string };
type Work<C, I, O> = (ctx: C, input: I) => PromiseLike<O>;

export type Pair<C, I, O> = {
  readonly name: string;
  readonly do: Work<C, I, O>;
  readonly undo: Work<C, I, unknown> | Nothing;
  /** Once it is done nothing before it is undone. */
  readonly pivot: boolean;
};

/** States why there is nothing to undo; leaving an undo out does not compile. */
export const nothing = (why: string): Nothing => ({ nothing: why });

/** A do and what takes it back. The undo is a no-op when the do never happened, and never refuses. */
export const pair = <C, I, O>(
  name: string,
  work: { do: Work<C, I, O>; undo: Work<C, I, unknown> | Nothing },
): Pair<C, I, O> => ({
  name,
  ...work,
  pivot: false,
});

/** The step after which there is only forward. */
export const pivot = <C, I, O>(name: string, work: { do: Work<C, I, O> }): Pair<C, I, O> => ({
  name,
  ...work,
  undo: nothing("the pivot"),
  pivot: true,
});

export type Saga<C> = {
  /** Runs one pair. */
  do<I, O>(step: Pair<C, I, O>, input: I): Promise<O>;
};

/** A refusal, a cancellation or a timeout: final answers. Anything else is a fault, and the journal retries it. */
const isFinal = (error: unknown): boolean =>
  error instanceof RefusalError || error instanceof restate.TerminalError;

/** Runs `body`; when it ends in a final error before the pivot, undoes what was begun, last first, and rethrows. */
export const saga = async <C extends restate.WorkflowContext | restate.Context, T>(
  ctx: C,
  body: (saga: Saga<C>) => Promise<T>,
): Promise<T> => {
  const begun: Array<() => Promise<void>> = [];
  const state = { pivoted: false };
  try {
    return await body({ do: (step, input) => runPair({ ctx, begun, state }, step, input) });
  } catch (error) {
    if (!isFinal(error)) throw error;
    assert(!state.pivoted, `nothing after the pivot may refuse: ${String(error)}`);
    invocationOf(ctx).mayRefuse = false;
    await undoAll(begun);
    throw error;
  }
};

/** Every undo runs, whatever becomes of the one before it; one that refused is a bug that an operator has to see. */
const undoAll = async (begun: ReadonlyArray<() => Promise<void>>): Promise<void> => {
  const refusals: string[] = [];
  for (const undo of begun.toReversed()) {
    try {
      await anyway(undo);
    } catch (error) {
      if (!isFinal(error)) throw error;
      refusals.push(String(error));
    }
  }
  assert(refusals.length === 0, `an undo never refuses: ${refusals.join("; ")}`);
};

/** Does what has to be done, cancelled or not: a cancellation cuts one await short, and the work is taken up again. */
export const anyway = async <T>(work: () => PromiseLike<T>): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof restate.CancelledError)) throw error;
    }
  }
};

type Progress<C> = { ctx: C; begun: Array<() => Promise<void>>; state: { pivoted: boolean } };

const runPair = async <C extends restate.Context, I, O>(
  progress: Progress<C>,
  step: Pair<C, I, O>,
  input: I,
): Promise<O> => {
  const { ctx, begun, state } = progress;
  const { probe } = invocationOf(ctx);
  const { undo } = step;
  probe?.onPair?.(step.name);
  if (typeof undo === "function") {
    begun.push(async () => {
      await undo(ctx, input);
      if (probe?.repeatUndo) await undo(ctx, input);
    });
    if (probe?.undoFirst === step.name) await undo(ctx, input);
  }
  stumble(ctx, step.name, "before");
  const output = await (state.pivoted ? anyway(() => step.do(ctx, input)) : step.do(ctx, input));
  if (probe?.repeatDo) await step.do(ctx, input);
  if (step.pivot) {
    state.pivoted = true;
    invocationOf(ctx).mayRefuse = false;
  }
  stumble(ctx, step.name, "after");
  return output;
};

const stumble = (ctx: object, name: string, when: "before" | "after"): void => {
  const { failAt, faultOnce } = invocationOf(ctx).probe ?? {};
  if (failAt?.pair === name && failAt.when === when)
    throw refuse(CommonRefusals.FORBIDDEN, { needs: "luck" });
  if (faultOnce?.pair !== name || faultOnce.when !== when || faultOnce.spent) return;
  faultOnce.spent = true;
  throw new Error("The weather is bad, once.");
};
