/**
 * Calls to other components, one shape in every topology: the caller's journal gets exactly one `run` entry named
 * `Stock/reserve`, whether the step then runs in this process or is sent through the Restate ingress.
 */
import type * as restate from "@restatedev/restate-sdk";
import type { Contract, In, Out } from "@shopnexus/contracts/kit/contract";
import { assert } from "./assert.ts";
import { type Answer, invocationOf } from "./invocation.ts";
import { terminal } from "./terminal.ts";

/** The steps and reads of a contract, as calls. Ops and runs are not fused: see `peer.ts`. */
export type Calls<C extends Contract> = {
  [K in keyof C["_handlers"]]: C["_handlers"][K]["kind"] extends "step" | "read"
    ? (input: In<C, K>) => restate.RestatePromise<Out<C, K>>
    : never;
};

/** What the journalled calls of any context need. */
export type CallContext = Pick<restate.Context, "run" | "request">;

/** `await call(ctx, Stock).reserve({ … })`. A refusal is thrown as a terminal error with its code and data; a fault is retried. */
export const call = <C extends Contract>(ctx: CallContext, contract: C): Calls<C> =>
  new Proxy({} as Calls<C>, {
    get: (_target, verb) => (input: unknown) => {
      const { module, steps, mayRefuse, nextPosition } = invocationOf(ctx);
      const address = `${contract.name}/${String(verb)}`;
      const callKey = `${ctx.request().id}/${nextPosition()}`;
      const ask = async () => {
        const answer = await steps.answer(contract, String(verb), { input, callKey, caller: module });
        assert(mayRefuse || !("refused" in answer), `there is no way back, and ${address} refuses`);
        return answer;
      };
      return ctx.run(address, ask).map(open);
    },
  });

/** The journal keeps a refusal as a value; here it becomes an error again, with its code and data. */
const open = (answer: Answer | undefined, failure: Error | undefined): never => {
  if (failure !== undefined) throw failure;
  if (answer !== undefined && "refused" in answer) throw terminal(answer.refused);
  return answer?.value as never;
};
