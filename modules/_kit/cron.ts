/** Clocks that survive everything: each tick of a cron is a durable, delayed call to itself. */
import * as restate from "@restatedev/restate-sdk";
import { RefusalError } from "@shopnexus/contracts/kit/refusal";
import { assert } from "./assert.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Board, Cron } from "./board.ts";
import type { Steps } from "./invocation.ts";

/** `orderCron`, `inventoryCron`: one keyed component a module, one key a cron. */
export const cronName = (module: string): string => `${module}Cron`;

type State = { next: number };
type Tick = { slot: number };
type Clock = { readonly board: Board; readonly steps: Steps; readonly authenticate: Authenticate };

/** `kick` is for the host at its start; `tick` runs the cron's step once a slot, and books the next before it does. */
export const cronComponent = (clock: Clock): restate.VirtualObjectDefinition<string, unknown> =>
  restate.object({
    name: cronName(clock.board.module),
    handlers: {
      kick: restate.handlers.object.exclusive(
        { inactivityTimeout: 60_000 },
        (ctx: restate.ObjectContext<State>) => kick(ctx, clock),
      ),
      tick: restate.handlers.object.exclusive(
        { ingressPrivate: true },
        (ctx: restate.ObjectContext<State>, { slot }: Tick) => tick(ctx, clock, slot),
      ),
    },
    options: {
      // The next tick is booked and does the same work: a failed one may die.
      retryPolicy: { initialInterval: 100, maxInterval: 5_000, maxAttempts: 8, onMaxAttempts: "kill" },
      journalRetention: 0,
    },
  });

/** Begins a chain of ticks where there is none, or where it stopped: its booked slot is past. */
const kick = async (ctx: restate.ObjectContext<State>, clock: Clock): Promise<void> => {
  const cron = cronOf(ctx, clock.board);
  const { headers, id } = ctx.request();
  const isOurs = await ctx.run("isOurs", () =>
    isModule(clock.authenticate, headers.get("authorization"), id),
  );
  if (!isOurs || cron === undefined)
    throw new restate.TerminalError("There is nothing here.", { errorCode: 404 });
  const slot = Math.floor((await ctx.date.now()) / cron.everyMs);
  if (((await ctx.get("next")) ?? 0) >= slot) return;
  book(ctx, cron, { slot, delay: 0 });
};

const tick = async (ctx: restate.ObjectContext<State>, clock: Clock, slot: number): Promise<void> => {
  const cron = cronOf(ctx, clock.board);
  // A cron that a newer version no longer has ends here; a tick that another chain overtook does too.
  if (cron === undefined || slot !== (await ctx.get("next"))) return;
  const nowMs = await ctx.date.now();
  const next = Math.max(slot, Math.floor(nowMs / cron.everyMs)) + 1;
  book(ctx, cron, { slot: next, delay: Math.max(0, next * cron.everyMs - nowMs) });
  await ctx.run(cron.name, () => runStep(clock, cron, slot));
};

const cronOf = (ctx: restate.ObjectContext<State>, board: Board): Cron | undefined =>
  board.crons.find(({ name }) => name === ctx.key);

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

const book = (
  ctx: restate.ObjectContext<State>,
  cron: Cron,
  { slot, delay }: Tick & { delay: number },
): void => {
  ctx.set("next", slot);
  const { service } = ctx.request().target;
  const parameter: Tick = { slot };
  ctx.genericSend({
    service,
    method: "tick",
    key: cron.name,
    parameter,
    inputSerde: restate.serde.json as never,
    delay,
  });
};

const runStep = async ({ board, steps }: Clock, cron: Cron, slot: number): Promise<void> => {
  const component = board.components.find(({ contract }) => contract.name === cron.component);
  assert(component !== undefined, `cron ${cron.name} runs a component of its own module`);
  const callKey = `cron/${board.module}/${cron.name}/${slot}`;
  await steps.answer(component.contract, cron.verb, { input: cron.input, callKey, caller: board.module });
};
