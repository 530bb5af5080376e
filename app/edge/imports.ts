/** Files of rows, streamed: parts of them are handed on while the rest still arrives, and the end of the file books them. */
import { createHash, randomUUID } from "node:crypto";
import { Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { Context, Hono } from "hono";
import {
  Import,
  IMPORT_BYTES_MAX,
  IMPORT_FILES,
  IMPORT_PART_COUNT_MAX,
  IMPORT_ROW_COUNT_MAX,
  ImportKind,
  ImportRow,
  ImportView,
} from "@shopnexus/contracts/inventory/import";
import { CommonRefusals, RefusalError, refuse } from "@shopnexus/contracts/kit/refusal";
import { MINUTE_MS } from "@shopnexus/contracts/kit/time";
import type { Host } from "../host.ts";
import { askIngress } from "./cards.ts";
import { fault, heardOf, problem } from "./problem.ts";

const RECORD_BYTES_MAX = 10_000;
/** A file that is booked after this is looked at by its id. */
const INGRESS_WAIT_MS = 2 * MINUTE_MS;

type Refusing = { readonly host: Host; readonly refuseLarge: (c: Context) => Response };

export const serveImports = (app: Hono, edge: Refusing): void => {
  if (!edge.host.served.some(({ component }) => component.contract.name === Import.name)) return;
  for (const kind of ImportKind.options)
    app.post(IMPORT_FILES[kind].route.slice("POST ".length), (c) => answer(c, edge, kind));
};

const answer = async (c: Context, { host, refuseLarge }: Refusing, kind: ImportKind): Promise<Response> => {
  try {
    return c.json(await receive(c, host, kind));
  } catch (error) {
    if (error instanceof RefusalError) return problem(c, error.refused);
    if (error instanceof Unanswered) return fault(c, error.kind);
    if (error instanceof TooLarge) return refuseLarge(c);
    host.log.error({ reason: String(error), operation: `${Import.name}/${kind}` }, "the edge failed");
    return fault(c, "FAULT");
  }
};

class TooLarge extends Error {}

class Unanswered extends Error {
  readonly kind: "UNAVAILABLE" | "BAD_GATEWAY";
  constructor(kind: "UNAVAILABLE" | "BAD_GATEWAY") {
    super(kind);
    this.kind = kind;
  }
}

type Ask = (verb: string, input: unknown) => Promise<unknown>;

/** Asks in the name of whoever sends the file. */
const askerOf =
  (c: Context, host: Host): Ask =>
  async (verb, input) => {
    const response = await askIngress({
      url: `${host.config.restate.ingressUrl}/${Import.name}/${verb}`,
      authorization: c.req.header("authorization"),
      input,
      waitMs: INGRESS_WAIT_MS,
    });
    const heard = await heardOf(response);
    if ("text" in heard) return JSON.parse(heard.text);
    throw "refused" in heard ? new RefusalError(heard.refused) : new Unanswered(heard.missing);
  };

/** The key of the caller names the file: sent again, it is the same import. */
const receive = async (c: Context, host: Host, kind: ImportKind): Promise<ImportView> => {
  const ask = askerOf(c, host);
  const locationId = c.req.query("locationId");
  const attemptId = c.req.header("idempotency-key") ?? "";
  if (attemptId === "")
    throw invalid("idempotency-key", "Name the file by a key of your own in this header.");
  const opened = await ask("open", {
    kind,
    attemptId,
    ...(locationId !== undefined && { locationId }),
  });
  const { importId, state } = ImportView.parse(opened);
  const uploadId = randomUUID();
  const keep = (rows: readonly ImportRow[]) => ask("stage", { importId, uploadId, rows });
  // What has ended is not taken in again: only whether it is the same file is asked.
  const { rowCount, digest } = await readRows(c, kind, state === "open" ? keep : async () => undefined);
  return ImportView.parse(await ask("apply", { importId, uploadId, rowCount, digest }));
};

type ImportRow = ReturnType<typeof ImportRow.parse>;
type Record = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/** One part after the other: the sender waits while one is kept. */
const readRows = async (
  c: Context,
  kind: ImportKind,
  keep: (rows: readonly ImportRow[]) => Promise<unknown>,
): Promise<{ rowCount: number; digest: string }> => {
  const digest = createHash("sha256");
  let [rowCount, part] = [0, [] as ImportRow[]];
  const flush = async () => {
    if (part.length > 0) await keep(part);
    part = [];
  };
  for await (const { record, info } of recordsOf(c, (chunk) => digest.update(chunk))) {
    if (rowCount === 0 && isHeader(record, kind)) continue;
    rowCount += 1;
    if (rowCount > IMPORT_ROW_COUNT_MAX)
      throw invalid("body", `A file has at most ${IMPORT_ROW_COUNT_MAX} rows.`);
    part.push(rowOf(record, info.lines));
    if (part.length === IMPORT_PART_COUNT_MAX) await flush();
  }
  await flush();
  if (rowCount === 0) throw invalid("body", "There is no row in this file.");
  return { rowCount, digest: digest.digest("hex") };
};

async function* recordsOf(c: Context, seen: (chunk: Uint8Array) => void): AsyncGenerator<Record> {
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    record_delimiter: ["\r\n", "\n", "\r"],
    skip_empty_lines: true,
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: RECORD_BYTES_MAX,
  });
  const source = Readable.from(bytesOf(c, seen));
  source.on("error", (error) => parser.destroy(error));
  try {
    yield* source.pipe(parser) as AsyncIterable<Record>;
  } catch (error) {
    if (error instanceof CsvError) throw invalid("body", `Line ${Number(error["lines"])}: ${error.message}`);
    throw error;
  } finally {
    source.destroy();
  }
}

/** Counted as they come: a body whose length nobody told is not kept to learn it. */
async function* bytesOf(c: Context, seen: (chunk: Uint8Array) => void): AsyncGenerator<Uint8Array> {
  if (Number(c.req.header("content-length") ?? 0) > IMPORT_BYTES_MAX) throw new TooLarge();
  let bytes = 0;
  for await (const chunk of (c.req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > IMPORT_BYTES_MAX) throw new TooLarge();
    seen(chunk);
    yield chunk;
  }
}

const isHeader = (record: readonly string[], kind: ImportKind): boolean =>
  record.join().toLowerCase() === IMPORT_FILES[kind].columns.join();

/** What is no row is handed on as its line: it is told with all the others. */
const rowOf = (record: readonly string[], line: number): ImportRow => {
  const [sku = "", value = ""] = record;
  const row = ImportRow.safeParse({ line, sku, value });
  return row.success && record.length === 2 ? row.data : { line, sku: "", value: "", isMalformed: true };
};

const invalid = (path: string, says: string): RefusalError =>
  refuse(CommonRefusals.INVALID_INPUT, { issues: [{ path, says }] });
