/** Turns boards into Restate components: every handler runs inside one wrapper that parses, admits, refuses and logs. */
import * as restate from "@restatedev/restate-sdk";
import type { Contract, Operation } from "@shopnexus/contracts/kit/contract";
import { RefusalError, type Refused } from "@shopnexus/contracts/kit/refusal";
import { withoutParameters } from "#db/_kit/fault.ts";
import type { Authenticate } from "./authenticate.ts";
import type { Component, ComponentOptions } from "./board.ts";
import type { Scene } from "./handler.ts";
import { beginInvocation, type Steps } from "./invocation.ts";
import type { Observe } from "./observe.ts";
import { parseInput } from "./parse.ts";
import type { Principal } from "./principal.ts";
import type { ProbeOf } from "./probe.ts";
import { CALL_KEY_HEADER, type HostedSteps } from "./steps.ts";
import { terminal } from "./terminal.ts";
import { wireInput } from "./wire.ts";

export type Serving = {
  readonly module: string;
  readonly steps: Steps;
  readonly authenticate: Authenticate;
  readonly hosted: HostedSteps;
  readonly scene: Omit<Scene, "who">;
  /** Everything runs in this process: steps for modules need no door of their own. */
  readonly isWhole: boolean;
  readonly observe: Observe;
  readonly probe?: ProbeOf | undefined;
};

type AnyContext = restate.Context;
type Served = { component: Component; verb: string; operation: Operation; serving: Serving };

/** One Restate service or workflow for one component. */
export const serveComponent = (
  component: Component,
  serving: Serving,
): restate.ServiceDefinition<string, unknown> => {
  const { contract, options } = component;
  const verbs = Object.entries(contract._handlers);
  const handlers = verbs.map(
    ([verb, operation]) => [verb, wrap({ component, verb, operation, serving })] as const,
  );
  const perHandler = verbs.map(([verb, operation]) => [
    verb,
    { input: wireInput(operation), ingressPrivate: isPrivate(contract, operation, serving.isWhole) },
  ]);
  return restate.implement(
    contract as never,
    {
      handlers: Object.fromEntries(handlers),
      options: { ...restateOptions(contract, options), handlers: Object.fromEntries(perHandler) },
    } as never,
  );
};

/** Ops for modules are called natively only; steps for modules need the ingress where modules are apart. */
const isPrivate = (contract: Contract, { card, kind }: Operation, isWhole: boolean): boolean =>
  card.who === "module" && (contract._kind === "workflow" || kind === "op" || kind === "run" || isWhole);

const restateOptions = (contract: Contract, options: ComponentOptions): restate.ServiceOptions => ({
  ...(options.idempotencyRetentionMs !== undefined && {
    idempotencyRetention: options.idempotencyRetentionMs,
  }),
  ...(options.journalRetentionMs !== undefined && { journalRetention: options.journalRetentionMs }),
  ...(options.inactivityMs !== undefined && { inactivityTimeout: options.inactivityMs }),
  ...(contract._kind === "workflow" &&
    options.workflowRetentionMs !== undefined && { workflowRetention: options.workflowRetentionMs }),
});

const wrap =
  ({ component, verb, operation, serving }: Served) =>
  async (ctx: AnyContext, raw: unknown): Promise<unknown> => {
    const { module, steps, probe, observe } = serving;
    beginInvocation(ctx, { module, steps, probe: probe?.(ctx.request().target.key) });
    const done = observe(`${component.contract.name}/${verb}`);
    try {
      const output = await answer({ component, verb, operation, serving }, ctx, raw);
      done("answered");
      return output;
    } catch (error) {
      done(error instanceof RefusalError || error instanceof restate.TerminalError ? "refused" : "faulted");
      throw error instanceof RefusalError ? terminal(error.refused) : withoutParameters(error);
    }
  };

const answer = async (served: Served, ctx: AnyContext, raw: unknown): Promise<unknown> => {
  const { component, verb, operation, serving } = served;
  const who = await principal(served, ctx);
  const input = parseInput(operation.input, raw);
  const work = component.handlers[verb];
  if (operation.kind === "op" || operation.kind === "run")
    return work?.(ctx, input, { ...serving.scene, who });
  return work?.(input, serving.hosted.scene(who, callKeyOf(ctx, who)));
};

/** Only our own processes may name a call's key; everybody else's is the invocation itself. */
const callKeyOf = (ctx: AnyContext, who: Principal): string =>
  (who.kind === "module" ? ctx.request().headers.get(CALL_KEY_HEADER) : undefined) ?? ctx.request().id;

/** Who calls is judged once and journalled, so that a replay after the token's end sees the same answer. */
const principal = async ({ component, operation, serving }: Served, ctx: AnyContext): Promise<Principal> => {
  const { card, kind } = operation;
  if (card.who === "anyone") return { kind: "anyone" };
  const { headers, id } = ctx.request();
  const isPeer = isPrivate(component.contract, operation, serving.isWhole);
  // An op for modules is private in every topology. A step's journal must look the same in all of them.
  if (isPeer && kind !== "step") return PEER;
  const judge = async (): Promise<Verdict> =>
    isPeer ? { who: PEER } : judged(serving.authenticate(card, headers.get("authorization"), id));
  const verdict = kind === "read" ? await judge() : await ctx.run("who", judge);
  if ("refused" in verdict) throw new RefusalError(verdict.refused);
  return verdict.who;
};

/** Whoever reaches a private handler is one of ours. */
const PEER: Principal = { kind: "module", module: "peer" };

type Verdict = { who: Principal } | { refused: Refused };

const judged = async (verdict: Promise<Principal>): Promise<Verdict> => {
  try {
    return { who: await verdict };
  } catch (error) {
    if (error instanceof RefusalError) return { refused: error.refused };
    throw error;
  }
};
