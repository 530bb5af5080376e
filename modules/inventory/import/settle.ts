import { type Import, ImportRefusals } from "@shopnexus/contracts/inventory/import";
import type { In } from "@shopnexus/contracts/kit/contract";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { bookCounts, type Counted, judgeCounts, listAwaited, lockCounted } from "../_kit/count.ts";
import { addNumbers, judgeNumbers, lockNumbered, type Numbered } from "../_kit/numbers.ts";
import type { TxSql } from "../stock/rows.ts";
import { endDips } from "../supply/rows.ts";
import { countArrived, findOwnImport, type ImportFile, keepProblems } from "./rows.ts";

export const settle: Step<typeof Import, "settle"> = async (whole, { db }) => {
  const { importId, sellerId } = whole;
  return db.$client.begin(async (tx) => {
    const file = await lockFile(tx, importId, sellerId);
    const awaitedSkuIds = isAgain(file, whole) ? [] : await judgeAndBook(tx, file, whole);
    return { view: await findOwnImport(tx, importId, sellerId), awaitedSkuIds };
  });
};

type Whole = In<typeof Import, "settle">;

/** Who settles it twice waits here for the first. Leans on import_file_pkey. */
const lockFile = async (tx: TxSql, importId: string, sellerId: string): Promise<ImportFile> => {
  const rows = await tx<ImportFile[]>`
    select import_id as "importId", kind, state, location_id as "locationId", digest from inventory.import_file
    where import_id = ${importId} and seller_id = ${sellerId} for update`;
  if (rows[0] === undefined) throw refuse(ImportRefusals.IMPORT_UNKNOWN, {});
  return rows[0];
};

/** Did this very file end the import? Another one cannot. */
const isAgain = ({ digest }: ImportFile, whole: Whole): boolean => {
  if (digest !== null && digest !== whole.digest) throw refuse(ImportRefusals.IMPORT_DIFFERS, {});
  return digest !== null;
};

const judgeAndBook = async (tx: TxSql, file: ImportFile, whole: Whole): Promise<string[]> => {
  const arrivedCount = await countArrived(tx, whole);
  const { rowCount, importId } = whole;
  if (arrivedCount !== rowCount) throw refuse(ImportRefusals.IMPORT_INCOMPLETE, { rowCount, arrivedCount });
  const { locationId } = file;
  const end =
    locationId === null ? await takeNumbers(tx, whole) : await takeCounts(tx, { ...whole, locationId });
  await closeFile(tx, whole, end);
  await tx`delete from inventory.import_row where import_id = ${importId}`;
  return end.awaited;
};

type End = { problemCount: number; changedCount: number; awaited: string[] };

const takeCounts = async (tx: TxSql, counted: Counted): Promise<End> => {
  await lockCounted(tx, counted);
  const problemCount = await keepProblems(tx, counted.importId, judgeCounts(tx, counted));
  if (problemCount > 0) return { problemCount, changedCount: 0, awaited: [] };
  const { changed, found } = await bookCounts(tx, counted);
  await endDips(tx, found);
  return { problemCount, changedCount: changed.length, awaited: await listAwaited(tx, found) };
};

const takeNumbers = async (tx: TxSql, numbered: Numbered): Promise<End> => {
  await lockNumbered(tx, numbered);
  const problemCount = await keepProblems(tx, numbered.importId, judgeNumbers(tx, numbered));
  const changedCount = problemCount > 0 ? 0 : await addNumbers(tx, numbered);
  return { problemCount, changedCount, awaited: [] };
};

const closeFile = async (tx: TxSql, { importId, digest, rowCount }: Whole, end: End): Promise<void> => {
  await tx`
    update inventory.import_file set state = ${end.problemCount > 0 ? "refused" : "applied"}, digest = ${digest},
      row_count = ${rowCount}, changed_count = ${end.changedCount}, problem_count = ${end.problemCount}, ended_at = now()
    where import_id = ${importId}`;
};
