/**
 * The breaking-change gate. A contract may gain an operation, an optional input field, an output field or a refusal; it
 * never loses or narrows, because an older deployment still has invocations in flight, and clients out there.
 */
import { schemaBreaks } from "./schema-breaks.ts";
import type { ContractPrint, Fingerprint, OperationPrint, Schema } from "./fingerprint.ts";

/** What of `before` no longer holds in `after`, one sentence a break; empty when nothing breaks. */
export const breaks = (before: Fingerprint, after: Fingerprint): string[] =>
  Object.entries(before).flatMap(([name, contract]) => {
    const now = after[name];
    return now === undefined ? [`${name}: component removed`] : contractBreaks(name, contract, now);
  });

const contractBreaks = (name: string, before: ContractPrint, after: ContractPrint): string[] => [
  ...changed(name, "kind", { before: before.kind, after: after.kind }),
  ...Object.entries(before.operations).flatMap(([verb, operation]) => {
    const now = after.operations[verb];
    const address = `${name}/${verb}`;
    return now === undefined ? [`${address}: operation removed`] : operationBreaks(address, operation, now);
  }),
];

const operationBreaks = (address: string, before: OperationPrint, after: OperationPrint): string[] => [
  ...changed(address, "kind", { before: before.kind, after: after.kind }),
  ...shutOut(address, before.who, after.who),
  ...(["http", "events"] as const).flatMap((what) => routeBreaks(address, what, { before, after })),
  ...fileBreaks(address, before.files, after.files),
  ...acceptedBreaks(address, before.accepted, after.accepted),
  ...(before.undo === undefined ? [] : changed(address, "undo", { before: before.undo, after: after.undo })),
  ...refusalBreaks(address, before.refuses, after.refuses),
  ...schemaBreaks({ place: `${address} input`, writer: before.input, reader: after.input, side: "input" }),
  ...schemaBreaks({
    place: `${address} output`,
    writer: after.output,
    reader: before.output,
    side: "output",
  }),
];

type Prints = { readonly before: OperationPrint; readonly after: OperationPrint };

const routeBreaks = (address: string, what: "http" | "events", { before, after }: Prints): string[] => {
  const route = before[what];
  return route === undefined ? [] : changed(address, what, { before: route, after: after[what] });
};

const fileBreaks = (
  address: string,
  before: OperationPrint["files"] = {},
  after: OperationPrint["files"] = {},
) =>
  Object.entries(before).flatMap(([route, columns]) =>
    changed(address, `file ${route}`, { before: columns.join(), after: after[route]?.join() }),
  );

/** An answer that does not come early any more is the output: nobody minds. */
const acceptedBreaks = (address: string, before?: Schema, after?: Schema): string[] =>
  before === undefined || after === undefined
    ? []
    : schemaBreaks({ place: `${address} accepted`, writer: after, reader: before, side: "output" });

type Turn = { readonly before: string; readonly after: string | undefined };

const changed = (address: string, what: string, { before, after }: Turn): string[] =>
  before === after
    ? []
    : [`${address}: ${what} ${before} ${after === undefined ? "removed" : `became ${after}`}`];

/** Whom an operation admits. Our own modules may do what operators may. */
const ADMITS: Readonly<Record<string, readonly string[]>> = {
  anyone: ["anyone", "account", "seller", "operator", "module"],
  account: ["account", "seller", "operator"],
  seller: ["seller"],
  operator: ["operator", "module"],
  module: ["module"],
};

const shutOut = (address: string, before: string, after: string): string[] => {
  const lost = (ADMITS[before] ?? [before]).filter((caller) => !(ADMITS[after] ?? []).includes(caller));
  return lost.length === 0
    ? []
    : [`${address}: who ${before} became ${after}, which shuts out ${lost.join(", ")}`];
};

type Refusals = OperationPrint["refuses"];

const refusalBreaks = (address: string, before: Refusals, after: Refusals): string[] =>
  Object.entries(before).flatMap(([code, { status, data }]) => {
    const now = after[code];
    if (now === undefined) return [`${address}: refusal ${code} removed`];
    return [
      ...changed(address, `status of ${code}`, { before: String(status), after: String(now.status) }),
      ...schemaBreaks({ place: `${address} ${code}`, writer: now.data, reader: data, side: "output" }),
    ];
  });
