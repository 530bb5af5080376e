/**
 * A contract page is a value: the names, schemas and promises of one component, without its implementation.
 * It rests on Restate's own `iface`, so the same value types a durable call, the ingress client and the handler.
 */
import { type HandlerDescriptor, iface, makeHandlerDescriptor, serde } from "@restatedev/restate-sdk-core";
import type { z } from "zod";
import type { Refusal } from "./refusal.ts";

/** Who may call an operation. For the outside world an operation for `module` does not exist. */
export type Who = "anyone" | "account" | "seller" | "operator" | "module";

/**
 * - `step`: one idempotent effect, fused into its caller's journal.
 * - `read`: a step without effect.
 * - `op`: a durable handler with a journal of its own; of a workflow, everything but `run`.
 * - `run`: the body of a workflow.
 */
export type Kind = "step" | "read" | "op" | "run";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** A CSV file in the body, one record a line; its first line may name the columns. */
export type CsvFile = {
  readonly route: `POST /${string}`;
  readonly columns: readonly string[];
  readonly bytesMax: number;
  readonly rowCountMax: number;
  /** What may stand in the query, by name. */
  readonly query?: Readonly<Record<string, z.ZodType>>;
};

/** What a caller has to know beside the two shapes. */
export type Card = {
  readonly who: Who;
  /** The refusals of this operation; those every operation shares are in `refusal.ts`. */
  readonly refuses?: readonly Refusal[];
  /** Served by the edge as well; path parameters are fields of the input. */
  readonly http?: `${Method} /${string}`;
  /** What the edge says, with 202, where it answers before the work is done; with 200 it gives the output. */
  readonly accepted?: z.ZodType;
  /** The edge streams the output to whoever watches: at once, and again whenever it has changed. */
  readonly events?: `GET /${string}`;
  /** Files that the edge takes row by row, under a key of the sender's: what it gives when all rows have arrived is the output. */
  readonly files?: readonly CsvFile[];
  /** The operation of the same component that takes this one back. */
  readonly undo?: string;
};

export type Operation<
  I extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
  K extends Kind = Kind,
> = HandlerDescriptor<z.output<I>, z.output<O>> & {
  readonly kind: K;
  readonly input: I;
  readonly output: O;
  readonly card: Card;
};

export type Operations = Record<string, Operation>;
export type ContractKind = "service" | "workflow";

export type Contract<P extends string = string, H extends Operations = Operations> = {
  readonly name: P;
  readonly _kind: ContractKind;
  readonly _handlers: H;
};
export type ServiceContract<P extends string = string, H extends Operations = Operations> = Contract<P, H> & {
  readonly _kind: "service";
};
export type WorkflowContract<P extends string = string, H extends Operations = Operations> = Contract<
  P,
  H
> & {
  readonly _kind: "workflow";
};

/** The parsed input of operation `K`. */
export type In<C extends Contract, K extends keyof C["_handlers"]> = z.output<C["_handlers"][K]["input"]>;
/** The output of operation `K`. */
export type Out<C extends Contract, K extends keyof C["_handlers"]> = z.output<C["_handlers"][K]["output"]>;

const operation =
  <K extends Kind>(kind: K) =>
  <I extends z.ZodType, O extends z.ZodType>(input: I, output: O, card: Card): Operation<I, O, K> => ({
    ...makeHandlerDescriptor<z.output<I>, z.output<O>, boolean>(
      serde.schema(input) as never,
      serde.schema(output) as never,
      kind === "op",
    ),
    kind,
    input,
    output,
    card,
  });

/** One idempotent effect, keyed by its input: safe to run twice and at once. */
export const step = operation("step");
/** A step without effect. */
export const read = operation("read");
/** A durable handler with a journal of its own: it calls, waits, sends. */
export const op = operation("op");
/** The body of a workflow: runs once a key. */
export const run = operation("run");

/** A component without a key. */
export const service = <const P extends string, H extends Operations>(name: P, operations: H) =>
  iface.service(name, operations) as ServiceContract<P, H>;

/** A component with one run a key and operations that look at it or signal it. */
export const workflow = <const P extends string, H extends Operations>(name: P, operations: H) =>
  iface.workflow(name, operations) as WorkflowContract<P, H>;
