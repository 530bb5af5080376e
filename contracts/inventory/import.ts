/** Files of the seller's: a stocktake, or serial numbers. All rows of a file are booked, or none of them is. */
import { z } from "zod";
import { type CsvFile, op, read, service, step } from "../_kit/contract.ts";
import { id } from "../_kit/id.ts";
import { refusals } from "../_kit/refusal.ts";
import { Instant } from "../_kit/time.ts";
import { prose } from "../_kit/word.ts";
import { LocationRefusals } from "./location.ts";

export const IMPORT_ROW_COUNT_MAX = 50_000;
export const IMPORT_PART_COUNT_MAX = 1_000;
/** 50,000 rows are about 2.5 MB; with room for long ones. */
export const IMPORT_BYTES_MAX = 16 * 1024 * 1024;
/** Of so many bad rows the lines are kept; all are counted. */
export const IMPORT_PROBLEM_COUNT_MAX = 1_000;

/** `stocktake`: a SKU, and how many pieces of it were found. `serials`: a SKU, and one serial number of it. */
export const ImportKind = z.enum(["stocktake", "serials"]);
export type ImportKind = z.infer<typeof ImportKind>;

/** What the edge takes of each kind. */
export const IMPORT_FILES = {
  stocktake: {
    route: "POST /stocktakes",
    columns: ["sku", "pieces"],
    bytesMax: IMPORT_BYTES_MAX,
    rowCountMax: IMPORT_ROW_COUNT_MAX,
    /** Where was counted; the seller's default location if absent. */
    query: { locationId: id("loc") },
  },
  serials: {
    route: "POST /serials",
    columns: ["sku", "serial"],
    bytesMax: IMPORT_BYTES_MAX,
    rowCountMax: IMPORT_ROW_COUNT_MAX,
  },
} as const satisfies Record<ImportKind, CsvFile>;

/** `refused`: a row was bad, and none was booked. `forgotten`: nobody finished it for a day. */
export const ImportState = z.enum(["open", "applied", "refused", "forgotten"]);

/**
 * `malformed`: not two columns of up to 200 characters. `sku_unknown`: also somebody else's. `twice`: an earlier row says it
 * already. `pieces_short`: fewer than are held or sold. `serial_known`: it was added before.
 */
export const ImportProblem = z.enum([
  "malformed",
  "sku_unknown",
  "pieces_invalid",
  "serial_invalid",
  "twice",
  "pieces_short",
  "serial_known",
]);
const BadRow = z.object({ line: z.int(), problem: ImportProblem });

export const ImportView = z.object({
  importId: id("imp"),
  kind: ImportKind,
  /** Where was counted; null where nothing is. */
  locationId: id("loc").nullable(),
  state: ImportState,
  /** Rows that have arrived so far. */
  rowCount: z.int(),
  /** Levels that were put right, or serial numbers that were added. */
  changedCount: z.int(),
  problemCount: z.int(),
  /** By line, the first 1,000 of them. */
  problems: z.array(BadRow),
  openedAt: Instant,
  endedAt: Instant.nullable(),
});
export type ImportView = z.infer<typeof ImportView>;

export const ImportRefusals = refusals({
  IMPORT_UNKNOWN: { status: 404, says: "There is no such import of yours." },
  IMPORT_DIFFERS: { status: 409, says: "Another file, or another location, was meant by this key before." },
  IMPORT_INCOMPLETE: {
    status: 409,
    says: "Not all rows of the file have arrived: send it again.",
    data: z.object({ rowCount: z.int(), arrivedCount: z.int() }),
  },
  IMPORT_REFUSED: {
    status: 422,
    says: "There are bad rows in this file, and nothing of it was booked.",
    data: z.object({ importId: id("imp"), problemCount: z.int(), problems: z.array(BadRow) }),
  },
});
const { IMPORT_UNKNOWN, IMPORT_DIFFERS, IMPORT_INCOMPLETE, IMPORT_REFUSED } = ImportRefusals;

/** One sending of a file: two of the same file do not mix. */
const UploadId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
export const ImportRow = z.strictObject({
  line: z.int().min(1).max(10_000_000),
  sku: prose(200),
  value: prose(200),
  isMalformed: z.boolean().optional(),
});
const Whole = z.strictObject({
  importId: id("imp"),
  uploadId: UploadId,
  rowCount: z.int().min(1).max(IMPORT_ROW_COUNT_MAX),
  /** SHA-256 of the file as it came, in hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
});

export const Import = service("Import", {
  /** Opens an import of the caller's.
   *  Takes    attemptId, the caller's own: one file, one key; where was counted, else at the default location
   *  Refuses  LOCATION_UNKNOWN, also for somebody else's; IMPORT_DIFFERS (another location)
   *  Repeats  same attemptId: the same import */
  open: step(
    z.strictObject({
      kind: ImportKind,
      attemptId: z.string().regex(/^[A-Za-z0-9._-]{1,80}$/),
      locationId: id("loc").optional(),
    }),
    ImportView,
    { who: "seller", refuses: [LocationRefusals.LOCATION_UNKNOWN, IMPORT_DIFFERS] },
  ),

  /** Takes some rows of a file in. Nothing is booked yet.
   *  Takes    1 to 1,000 rows with their lines; uploadId, the same for all rows of one sending
   *  Gives    how many rows of this sending have arrived
   *  Refuses  IMPORT_UNKNOWN, also for somebody else's
   *  Repeats  same uploadId, same lines: nothing changes; nor of an import that is over */
  stage: step(
    z.strictObject({
      importId: id("imp"),
      uploadId: UploadId,
      rows: z.array(ImportRow).min(1).max(IMPORT_PART_COUNT_MAX),
    }),
    z.object({ arrivedCount: z.int() }),
    { who: "seller", refuses: [IMPORT_UNKNOWN] },
  ),

  /** Books a file whose rows have all arrived, all of them or none. Pieces that were found go first to the lines that wait.
   *  Takes    rowCount 1..50_000; digest of the file
   *  Refuses  IMPORT_UNKNOWN, IMPORT_DIFFERS, IMPORT_INCOMPLETE, IMPORT_REFUSED (with the first 100 bad rows)
   *  Repeats  same digest: the same answer, booked once */
  apply: op(Whole, ImportView, {
    who: "seller",
    refuses: [IMPORT_UNKNOWN, IMPORT_DIFFERS, IMPORT_INCOMPLETE, IMPORT_REFUSED],
    files: Object.values(IMPORT_FILES),
  }),

  /** Judges all rows of a file and books them, or keeps what is wrong with them.
   *  Gives    the SKUs of which pieces were found that somebody waits for
   *  Refuses  IMPORT_UNKNOWN, IMPORT_DIFFERS, IMPORT_INCOMPLETE
   *  Repeats  same digest: nothing changes */
  settle: step(
    Whole.extend({ sellerId: id("acc") }),
    z.object({ view: ImportView, awaitedSkuIds: z.array(id("sku")) }),
    { who: "module", refuses: [IMPORT_UNKNOWN, IMPORT_DIFFERS, IMPORT_INCOMPLETE] },
  ),

  /** How far an import of the caller's has come, and what was wrong with it.
   *  Refuses  IMPORT_UNKNOWN, also for somebody else's */
  find: read(z.strictObject({ importId: id("imp") }), ImportView, {
    who: "seller",
    refuses: [IMPORT_UNKNOWN],
    http: "GET /imports/{importId}",
  }),

  /** Throws away what arrived of files that nobody finished for a day.
   *  Gives    how many imports it gave up
   *  Repeats  takes the next ones */
  forget: step(z.strictObject({ limit: z.int().min(1).max(1_000) }), z.object({ forgottenCount: z.int() }), {
    who: "module",
  }),
});
