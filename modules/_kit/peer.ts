/** Native Restate calls between handlers, for what is not a step: ops and workflows, awaited or sent. */
import type * as restate from "@restatedev/restate-sdk";
import type { Contract, In, Out } from "@shopnexus/contracts/kit/contract";

type Peers<C extends Contract> = {
  [K in keyof C["_handlers"]]: C["_handlers"][K]["kind"] extends "op" | "run"
    ? (input: In<C, K>) => restate.InvocationPromise<Out<C, K>>
    : never;
};
type Sends<C extends Contract> = {
  [K in keyof C["_handlers"]]: C["_handlers"][K]["kind"] extends "op" | "run"
    ? (input: In<C, K>, options?: ReturnType<typeof restate.rpc.sendOpts>) => void
    : never;
};

type PeerContext = Pick<restate.Context, "client" | "sendClient">;

/** `await peer(ctx, Checkout, checkoutId).opened({})`: durable, a refusal comes back as a terminal error with its code. */
export const peer = <C extends Contract>(ctx: PeerContext, contract: C, key?: string): Peers<C> =>
  ctx.client(contract as never, key as never) as unknown as Peers<C>;

/** `send(ctx, Checkout, checkoutId).paid({})`: one way; arrives once. */
export const send = <C extends Contract>(ctx: PeerContext, contract: C, key?: string): Sends<C> =>
  ctx.sendClient(contract as never, key as never) as unknown as Sends<C>;
