/** What the contract pages promise, as plain JSON: committed, so that a change of a promise is seen and judged. */
import type { Contract, Operation } from "@shopnexus/contracts/kit/contract";
import { z } from "zod";

export type Schema = { readonly [keyword: string]: unknown };

export type OperationPrint = {
  readonly kind: string;
  readonly who: string;
  readonly http?: string;
  readonly accepted?: Schema;
  readonly events?: string;
  /** Columns, by route. */
  readonly files?: Readonly<Record<string, readonly string[]>>;
  readonly undo?: string;
  readonly refuses: Readonly<Record<string, { readonly status: number; readonly data: Schema }>>;
  readonly input: Schema;
  readonly output: Schema;
};
export type ContractPrint = {
  readonly kind: string;
  readonly operations: Readonly<Record<string, OperationPrint>>;
};
export type Fingerprint = Readonly<Record<string, ContractPrint>>;

/** By component and operation, both in alphabetical order: moving a line on a page changes nothing here. */
export const fingerprint = (contracts: readonly Contract[]): Fingerprint =>
  sorted(contracts.map((contract) => [contract.name, contractPrint(contract)]));

const contractPrint = ({ _kind, _handlers }: Contract): ContractPrint => ({
  kind: _kind,
  operations: sorted(Object.entries(_handlers).map(([verb, operation]) => [verb, operationPrint(operation)])),
});

const operationPrint = ({ kind, card, input, output }: Operation): OperationPrint => ({
  kind,
  who: card.who,
  ...(card.http !== undefined && { http: card.http }),
  ...(card.accepted !== undefined && { accepted: schemaOf(card.accepted) }),
  ...(card.events !== undefined && { events: card.events }),
  ...(card.files !== undefined && {
    files: sorted(card.files.map(({ route, columns }) => [route, columns])),
  }),
  ...(card.undo !== undefined && { undo: card.undo }),
  refuses: sorted(
    (card.refuses ?? []).map(({ code, status, data }) => [code, { status, data: schemaOf(data) }]),
  ),
  input: schemaOf(input),
  output: schemaOf(output),
});

/** `io: "input"` keeps strict objects and lenient ones apart. */
const schemaOf = (schema: z.ZodType): Schema => {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
  }) as Schema;
  return rest;
};

const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries(entries.toSorted(([one], [other]) => (one < other ? -1 : 1)));
