import { type Import, ImportRefusals } from "@shopnexus/contracts/inventory/import";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { placeOf } from "../location/rows.ts";
import type { TxSql } from "../stock/rows.ts";
import { findOwnImport } from "./rows.ts";

export const open: Step<typeof Import, "open"> = async ({ kind, attemptId, locationId }, { db, who }) => {
  const { accountId } = accountOf(who);
  const importId = deriveId("imp", accountId, kind, attemptId);
  return db.$client.begin(async (tx) => {
    const place = kind === "stocktake" ? await placeOf(tx, accountId, locationId) : null;
    await insertFile(tx, { importId, sellerId: accountId, kind, locationId: place });
    const opened = await findOwnImport(tx, importId, accountId);
    const isElsewhere = locationId !== undefined && opened.locationId !== place;
    if (isElsewhere) throw refuse(ImportRefusals.IMPORT_DIFFERS, {});
    return opened;
  });
};

type File = { importId: string; sellerId: string; kind: string; locationId: string | null };

/** The first one stays; one that was forgotten is begun again. Leans on import_file_pkey. */
const insertFile = async (tx: TxSql, { importId, sellerId, kind, locationId }: File): Promise<void> => {
  await tx`
    insert into inventory.import_file (import_id, seller_id, kind, location_id)
    values (${importId}, ${sellerId}, ${kind}, ${locationId})
    on conflict (import_id) do update set state = 'open', opened_at = now(), ended_at = null
    where import_file.state = 'forgotten'`;
};
