/** The types of a handler file: an implementation is typed by its address on the contract page. */
import type * as restate from "@restatedev/restate-sdk";
import type { Contract, In, Kind, Out } from "@shopnexus/contracts/kit/contract";
import type { Db } from "#db/_kit/database.ts";
import type { Gate } from "./gate.ts";
import type { Lock } from "./lock.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./settings.ts";
import type { Principal } from "./principal.ts";

/** What an implementation sees besides its input. */
export type Scene = {
  readonly who: Principal;
  readonly log: Log;
  readonly settings: Settings;
};

/** What a step sees: the world, and no journal. */
export type StepScene = Scene & {
  /** The module's own database. */
  readonly db: Db;
  /** The same in every repeat of one call, different in every other call. */
  readonly callKey: string;
  readonly lock: Lock;
  /** Absent where there is no Redis. */
  readonly gate?: Gate;
};

type KindOf<C extends Contract, K extends keyof C["_handlers"]> = C["_handlers"][K]["kind"];
type Only<C extends Contract, Kinds extends Kind> = {
  [K in keyof C["_handlers"]]: KindOf<C, K> extends Kinds ? K : never;
}[keyof C["_handlers"]];

type ContextOf<C extends Contract, K extends keyof C["_handlers"]> = C["_kind"] extends "workflow"
  ? KindOf<C, K> extends "run"
    ? restate.WorkflowContext
    : restate.WorkflowSharedContext
  : restate.Context;

/** `export const reserve: Step<typeof Stock, "reserve"> = async (input, { db }) => …`: one transaction, one fact. */
export type Step<C extends Contract, K extends Only<C, "step" | "read">> = (
  input: In<C, K>,
  scene: StepScene,
) => Promise<Out<C, K>>;

/** `export const run: Handler<typeof Checkout, "run"> = async (ctx, input, { who }) => …`: durable, asks and calls. */
export type Handler<C extends Contract, K extends Only<C, "op" | "run">> = (
  ctx: ContextOf<C, K>,
  input: In<C, K>,
  scene: Scene,
) => Promise<Out<C, K>>;

/** The implementation of a whole contract: one function an operation. */
export type Implementation<C extends Contract> = {
  [K in keyof C["_handlers"]]: KindOf<C, K> extends "step" | "read"
    ? (input: In<C, K>, scene: StepScene) => Promise<Out<C, K>>
    : (ctx: ContextOf<C, K>, input: In<C, K>, scene: Scene) => Promise<Out<C, K>>;
};
