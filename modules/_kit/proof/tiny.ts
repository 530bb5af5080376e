/** The smallest module that has everything: a step, a read, an op, a workflow with a saga, a cron. */
import * as restate from "@restatedev/restate-sdk";
import { op, read, run, service, step, workflow } from "@shopnexus/contracts/kit/contract";
import { refusals, refuse } from "@shopnexus/contracts/kit/refusal";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Done } from "@shopnexus/contracts/kit/word";
import { z } from "zod";
import { board, provide } from "#modules/_kit/board.ts";
import { call } from "#modules/_kit/call.ts";
import type { Handler, Step } from "#modules/_kit/handler.ts";
import { nothing, pair, pivot, saga } from "#modules/_kit/saga.ts";
import { refusedOf } from "#modules/_kit/terminal.ts";

export const DeedRefusals = refusals({
  UNLUCKY: { status: 409, says: "Not today.", data: z.object({ what: z.string() }) },
});
const Note = z.strictObject({ key: z.string(), what: z.string() });

export const Deed = service("Deed", {
  act: step(Note, z.object({ what: z.string(), times: z.int() }), {
    who: "module",
    refuses: [DeedRefusals.UNLUCKY],
  }),
  count: read(Note, z.object({ times: z.int() }), { who: "anyone" }),
  errand: op(Note, z.object({ answers: z.array(z.unknown()) }), { who: "anyone" }),
});
export const Trip = workflow("Trip", {
  run: run(z.strictObject({}), Done, { who: "anyone", refuses: [DeedRefusals.UNLUCKY] }),
});

/** What happens when a deed is done: nothing, a refusal, a fault, or a wait. */
export type Happening = (what: string) => Promise<void> | void;

/** The world outside the journal: it remembers what was done to it, and answers as a test says. */
export const world = {
  done: new Map<string, string[]>(),
  /** The keys of the calls that were made, every try of each. */
  callKeys: new Map<string, string[]>(),
  /** How often the body of an errand began. */
  attempts: new Map<string, number>(),
  happening: new Map<string, Happening>(),
  of: (key: string): string[] => world.done.get(key) ?? [],
};

export const unlucky = (what: string) => refuse(DeedRefusals.UNLUCKY, { what });

const act: Step<typeof Deed, "act"> = async ({ key, what }, { callKey }) => {
  world.callKeys.set(key, [...(world.callKeys.get(key) ?? []), callKey]);
  const done = [...world.of(key), what];
  world.done.set(key, done);
  await world.happening.get(key)?.(what);
  return { what, times: done.filter((one) => one === what).length };
};

const count: Step<typeof Deed, "count"> = async ({ key, what }) => ({
  times: world.of(key).filter((one) => one === what).length,
});

/** Does a thing, hears a refusal, does another: every answer comes out of the journal when it is replayed. */
const errand: Handler<typeof Deed, "errand"> = async (ctx, { key, what }) => {
  world.attempts.set(key, (world.attempts.get(key) ?? 0) + 1);
  const first = await call(ctx, Deed).act({ key, what });
  const second = await refusal(call(ctx, Deed).act({ key, what: "refused" }));
  const both = await restate.RestatePromise.all([
    call(ctx, Deed).act({ key, what: "left" }),
    call(ctx, Deed).act({ key, what: "right" }),
  ]);
  await ctx.sleep(1);
  return { answers: [first, second, ...both] };
};

const refusal = async (work: PromiseLike<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    return refusedOf(error, DeedRefusals.UNLUCKY);
  }
};

type Ctx = restate.WorkflowContext;
const deed = (name: string) =>
  pair(name, {
    do: (ctx: Ctx, key: string) => call(ctx, Deed).act({ key, what: `do ${name}` }),
    undo: (ctx, key) => call(ctx, Deed).act({ key, what: `undo ${name}` }),
  });
const onward = (name: string) => pair(name, { do: deed(name).do, undo: nothing("it is certain") });
const [one, two, three] = [deed("one"), deed("two"), deed("three")];
const point = pivot("point", { do: deed("point").do });
const [five, six] = [onward("five"), onward("six")];

const trip: Handler<typeof Trip, "run"> = async (ctx) =>
  saga(ctx, async (steps) => {
    for (const each of [one, two, three, point, five, six]) await steps.do(each, ctx.key);
    return {};
  });

export const TICK_EVERY_MS = 400;

export const tiny = board(
  "tiny",
  [
    provide(Deed, { act, count, errand }, { journalRetentionMs: MINUTE_MS }),
    provide(Trip, { run: trip }, { journalRetentionMs: MINUTE_MS }),
  ],
  [
    {
      name: "beat",
      everyMs: TICK_EVERY_MS,
      component: "Deed",
      verb: "act",
      input: { key: "tick", what: "beat" },
    },
    {
      name: "chore",
      everyMs: TICK_EVERY_MS,
      component: "Deed",
      verb: "errand",
      input: { key: "chore", what: "chore" },
    },
  ],
);
