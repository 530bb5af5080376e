/** Clocks that survive everything: each tick of a cron is a durable, delayed call to itself. */
import * as restate from "@restatedev/restate-sdk";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { assert } from "./assert.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Board, Component, Cron } from "./board.ts";
import type { Steps } from "./invocation.ts";

/** `orderCron`, `inventoryCron`: one keyed component a module, one key a cron. */
export const cronName = (module: string): string => `${module}Cron`;

/** When the booked tick is due, epoch ms. */
type State = { next: number };
type Tick = { dueMs: number };
type Clock = { readonly board: Board; readonly steps: Steps; readonly authenticate: Authenticate };
type Keyed = restate.ObjectContext<State>;

/** A step that fails so often in a row is left to the next tick. */
const TRY_COUNT_MAX = 5;

/** `kick` is for hosts; `begin` starts a chain of ticks where none goes; each tick books the next before it works. */
export const cronComponent = (clock: Clock): restate.VirtualObjectDefinition<string, unknown> => {
  const { exclusive, shared } = restate.handlers.object;
  const ours = { ingressPrivate: true };
  return restate.object({
    name: cronName(clock.board.module),
    handlers: {
      // Shared: strangers who knock never keep the clock waiting.
      kick: shared((ctx: restate.ObjectSharedContext<State>) => kick(ctx, clock)),
      begin: exclusive(ours, (ctx: Keyed) => begin(ctx, clock)),
      tick: exclusive(ours, (ctx: Keyed, { dueMs }: Tick) => tick(ctx, clock, dueMs)),
    },
    options: {
      // A clock outlives any outage of its processes: it is never killed, and hardly ever paused.
      retryPolicy: {
        initialInterval: 100,
        maxInterval: 10_000,
        maxAttempts: 100_000,
        onMaxAttempts: "pause",
      },
      journalRetention: 0,
    },
  });
};

const kick = async (
  ctx: restate.ObjectSharedContext<State>,
  { authenticate, board }: Clock,
): Promise<void> => {
  const { headers, id, target } = ctx.request();
  const isOurs = await ctx.run("isModule", () => isModule(authenticate, headers.get("authorization"), id));
  if (!isOurs || cronOf(ctx, board) === undefined)
    throw new restate.TerminalError("There is nothing here.", { errorCode: 404 });
  ctx.genericSend({ service: target.service, method: "begin", key: ctx.key, parameter: new Uint8Array() });
};

/** Begins where there is no chain, where it stopped, or where its next tick is further away than this cron ever books. */
const begin = async (ctx: Keyed, { board }: Clock): Promise<void> => {
  const cron = cronOf(ctx, board);
  if (cron === undefined) return;
  const nowMs = await ctx.date.now();
  const next = (await ctx.get("next")) ?? 0;
  if (next > nowMs - cron.everyMs && next <= nowMs + cron.everyMs) return;
  book(ctx, nowMs, nowMs);
};

const tick = async (ctx: Keyed, clock: Clock, dueMs: number): Promise<void> => {
  const cron = cronOf(ctx, clock.board);
  // A cron that a newer version no longer has ends here; a tick that another chain overtook does too.
  if (cron === undefined || dueMs !== (await ctx.get("next"))) return;
  const nowMs = await ctx.date.now();
  book(ctx, nowMs, (Math.floor(nowMs / cron.everyMs) + 1) * cron.everyMs);
  if (isOp(clock.board, cron)) return sendOp(ctx, cron);
  await ctx.run(cron.name, () => runStep(clock, cron, dueMs), { maxRetryAttempts: TRY_COUNT_MAX });
};

const isOp = (board: Board, cron: Cron): boolean =>
  componentOf(board, cron).contract._handlers[cron.verb]?.kind === "op";

/** It has a journal of its own: the clock does not wait for it, and its faults are not the clock's. */
const sendOp = (ctx: Keyed, { component, verb, input }: Cron): void => {
  ctx.genericSend({
    service: component,
    method: verb,
    parameter: input,
    inputSerde: restate.serde.json as never,
  });
};

const cronOf = ({ key }: { readonly key: string }, board: Board): Cron | undefined =>
  board.crons.find(({ name }) => name === key);

const isModule = async (
  authenticate: Authenticate,
  header: string | undefined,
  id: string,
): Promise<boolean> => {
  try {
    await authenticate({ who: "module" }, header, id);
    return true;
  } catch (error) {
    if (error instanceof RefusalError) return false;
    throw error;
  }
};

const book = (ctx: Keyed, nowMs: number, dueMs: number): void => {
  ctx.set("next", dueMs);
  ctx.genericSend({
    service: ctx.request().target.service,
    method: "tick",
    key: ctx.key,
    parameter: { dueMs } satisfies Tick,
    inputSerde: restate.serde.json as never,
    delay: Math.max(0, dueMs - nowMs),
  });
};

const componentOf = (board: Board, cron: Cron): Component => {
  const component = board.components.find(({ contract }) => contract.name === cron.component);
  assert(component !== undefined, `cron ${cron.name} runs a component of its own module`);
  return component;
};

const runStep = async ({ board, steps }: Clock, cron: Cron, dueMs: number): Promise<void> => {
  const component = componentOf(board, cron);
  const callKey = `cron/${board.module}/${cron.name}/${dueMs}`;
  const call = { input: cron.input, callKey, caller: board.module };
  const answer = await steps.answer(component.contract, cron.verb, call);
  assert(!("refused" in answer), `cron ${cron.name} is refused: nobody is there to take a refusal`);
};
