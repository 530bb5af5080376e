import { rpc, type WorkflowSharedContext } from "@restatedev/restate-sdk";
import { id } from "@shopnexus/contracts/kit/id";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { HOUR_MS, MINUTE_MS } from "@shopnexus/contracts/kit/time";
import { Fulfilment } from "@shopnexus/contracts/order/fulfilment";
import { LineRefusals, type Standing } from "@shopnexus/contracts/order/line";
import type { Handler } from "#modules/_kit/handler.ts";
import { send } from "#modules/_kit/peer.ts";
import { accountOf, type Principal } from "#modules/_kit/principal.ts";
import { say } from "#modules/_kit/say.ts";

export const news: Handler<typeof Fulfilment, "news"> = async (ctx, { version }) => {
  await sayVersion(ctx, version);
  // Where a run goes on, another one is none.
  send(ctx, Fulfilment, ctx.key).run({});
  const isOver = (await ctx.promise(OVER).peek()) !== undefined;
  if (isOver) send(ctx, Fulfilment, ctx.key).news({ version }, rpc.sendOpts({ delay: FORGOTTEN_MS }));
  return {};
};

/** The run says so at its end. What a bank does months later begins another one, once Restate has forgotten the first. */
export const OVER = "over";
/** A little longer than the board has it remembered. */
const FORGOTTEN_MS = HOUR_MS + MINUTE_MS;

/** The durable promise that says that something has changed on a version of the order. */
export const newsOf = (version: number): string => `news/${version}`;

/** Where the run writes down the version that it waits for news of. */
export const WAITS_FOR = "waitsFor";

/**
 * Whoever repeats a change knows no longer which version it was made on, only one that is not before it. So everything
 * since the version that the run waits for is news as well.
 */
const sayVersion = async (ctx: WorkflowSharedContext, version: number): Promise<void> => {
  const waitsFor = (await ctx.get<number>(WAITS_FOR)) ?? 0;
  for (let each = Math.min(waitsFor, version); each <= version; each++) await say(ctx, newsOf(each), true);
};

/** Tells the run what was decided, and whoever decided how the lines stand. */
export const sayNews = async (ctx: WorkflowSharedContext, standing: Standing): Promise<Standing> => {
  await sayVersion(ctx, standing.version);
  return standing;
};

/** The order of this key, for its step to judge whose it is. */
export const whose = (ctx: WorkflowSharedContext, who: Principal) => {
  if (!id("ord").safeParse(ctx.key).success) throw refuse(LineRefusals.LINE_UNKNOWN, {});
  return { orderId: ctx.key, accountId: accountOf(who).accountId };
};
