/** SQL that the verbs of an import share. */
import {
  IMPORT_PROBLEM_COUNT_MAX,
  ImportRefusals,
  type ImportKind,
  type ImportView,
} from "@shopnexus/contracts/inventory/import";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Sql, TxSql } from "../stock/rows.ts";

/** Which file is meant: an import, and one sending of it. */
export type Sending = { readonly importId: string; readonly uploadId: string };

export type ImportFile = {
  importId: string;
  kind: ImportKind;
  state: ImportView["state"];
  locationId: string | null;
  digest: string | null;
};

/** An import of this seller's; somebody else's is as unknown as none. Leans on import_file_pkey. */
export const findOwnImport = async (
  tx: Sql | TxSql,
  importId: string,
  sellerId: string,
): Promise<ImportView> => {
  const rows = await tx<ImportView[]>`
    select import_id as "importId", kind, location_id as "locationId", state, changed_count as "changedCount",
      problem_count as "problemCount", to_json(opened_at at time zone 'utc') #>> '{}' || 'Z' as "openedAt",
      to_json(ended_at at time zone 'utc') #>> '{}' || 'Z' as "endedAt",
      case when state = 'open' then (
        select coalesce(max(arrived), 0)::int from (
          select count(*) as arrived from inventory.import_row
          where import_row.import_id = import_file.import_id group by upload_id
        ) as sending
      ) else row_count end as "rowCount",
      (
        select coalesce(json_agg(json_build_object('line', line, 'problem', problem) order by line), '[]')
        from inventory.import_problem where import_problem.import_id = import_file.import_id
      ) as problems
    from inventory.import_file where import_id = ${importId} and seller_id = ${sellerId}`;
  if (rows[0] === undefined) throw refuse(ImportRefusals.IMPORT_UNKNOWN, {});
  return rows[0];
};

/** Leans on import_row_once_a_line. */
export const countArrived = async (tx: Sql | TxSql, { importId, uploadId }: Sending): Promise<number> => {
  const rows = await tx<{ count: number }[]>`
    select count(*)::int as count from inventory.import_row
    where import_id = ${importId} and upload_id = ${uploadId}`;
  return rows[0]?.count ?? 0;
};

/** Keeps the lines of the first bad rows among those that `judged` gives (line, problem); how many there are. */
export const keepProblems = async (
  tx: TxSql,
  importId: string,
  judged: ReturnType<TxSql>,
): Promise<number> => {
  const rows = await tx<{ count: number }[]>`
    with bad as (select line, problem from (${judged}) as judged where problem is not null),
    kept as (
      insert into inventory.import_problem (import_id, line, problem)
      select ${importId}, line, problem from bad order by line limit ${IMPORT_PROBLEM_COUNT_MAX}
    )
    select count(*)::int as count from bad`;
  return rows[0]?.count ?? 0;
};
