/** Walks every operation of every contract page, and makes bodies for them: such as fit, and such as must be refused. */
import fc from "fast-check";
import type { z } from "zod";
import type { Contract, Operation } from "@shopnexus/contracts/kit/contract";
import { PAGES } from "@shopnexus/contracts/pages";
import { everyGarble, garbled } from "./garble.ts";
import { fitting } from "./fitting.ts";

export type Walked = {
  readonly module: string;
  readonly contract: Contract;
  readonly verb: string;
  readonly operation: Operation;
  /** `Stock/reserve`. */
  readonly address: string;
};

/** Every operation there is, in the order of the pages. */
export const walk = (): Walked[] =>
  Object.entries(PAGES).flatMap(([module, contracts]) =>
    contracts.flatMap((contract) =>
      Object.entries(contract._handlers).map(([verb, operation]) => ({
        module,
        contract,
        verb,
        operation,
        address: `${contract.name}/${verb}`,
      })),
    ),
  );

/** Where the ingress serves it; a workflow is addressed by a key. */
export const ingressPath = ({ contract, verb }: Walked, key: string): string =>
  contract._kind === "workflow"
    ? `${contract.name}/${encodeURIComponent(key)}/${verb}`
    : `${contract.name}/${verb}`;

/** The method and path of its http card, with its parameters taken from `fields`. */
export const cardOf = (
  { operation }: Walked,
  fields: Record<string, unknown>,
): { method: string; path: string } | undefined => {
  const [method, path] = operation.card.http?.split(" ") ?? [];
  if (method === undefined || path === undefined) return undefined;
  return {
    method,
    path: path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(String(fields[name]))),
  };
};

/** Inputs that an operation's schema takes. */
export const inputs = (schema: z.ZodType): fc.Arbitrary<unknown> => fitting(schema);

/** A body as it goes over the wire, that the schema does not take. */
export type Garbage = { readonly what: string; readonly body: string; readonly contentType: string };

export const JSON_TYPE = "application/json";

/** Bodies that must be refused: broken JSON, and good inputs with one thing wrong. */
export const garbage = (schema: z.ZodType): fc.Arbitrary<Garbage> =>
  garbled(fitting(schema)).filter(
    ({ body, contentType }) => contentType !== JSON_TYPE || !isTaken(schema, body),
  );

/** Bodies with something wrong in them that the schema takes all the same: a NUL in a free text, a strange cursor. */
export const mischief = (schema: z.ZodType, seed: number): Garbage[] => {
  const [fullest] = sample(fitting(schema), seed, 20).toSorted((a, b) => fieldCount(b) - fieldCount(a));
  return everyGarble(fullest).filter(({ body }) => isTaken(schema, body));
};

const fieldCount = (value: unknown): number => Object.keys(value ?? {}).length;

/** Would the operation take it? An empty body reads as `{}`. */
const isTaken = (schema: z.ZodType, body: string): boolean => {
  try {
    return schema.safeParse(body === "" ? {} : JSON.parse(body)).success;
  } catch {
    return false;
  }
};

/** The same values for the same seed, in every run. */
export const sample = <T>(arbitrary: fc.Arbitrary<T>, seed: number, count: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns: count });
