/** SQL that locations share with whatever arrives at one. */
import { type LocationView, LocationRefusals } from "@shopnexus/contracts/inventory/location";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Sql, TxSql } from "../stock/rows.ts";

/** What a seller's first location is called until there is another. */
const FIRST_NAME = "Main";

/** An id that follows from seller and name: two who add one at once add the same. */
export const locationIdOf = (sellerId: string, name: string): string => deriveId("loc", sellerId, name);

/** Gives a seller who has none a default location. Leans on location_one_default_a_seller. */
export const insertDefault = async (tx: Sql | TxSql, sellerId: string): Promise<void> => {
  await tx`
    insert into inventory.location (location_id, seller_id, name, is_default)
    select ${locationIdOf(sellerId, FIRST_NAME)}, ${sellerId}, ${FIRST_NAME}, true
    where not exists (select from inventory.location where seller_id = ${sellerId} and is_default)
    on conflict do nothing`;
};

/** The default first. Leans on location_name_once_a_seller. */
export const listLocations = (tx: Sql | TxSql, sellerId: string): Promise<LocationView[]> => tx<
  LocationView[]
>`
  select location_id as "locationId", name, is_default as "isDefault" from inventory.location
  where seller_id = ${sellerId} order by is_default desc, name`;

/** This location of the seller's, or the default one; somebody else's is as unknown as none. Leans on location_pkey. */
export const placeOf = async (tx: TxSql, sellerId: string, locationId?: string): Promise<string> => {
  if (locationId === undefined) await insertDefault(tx, sellerId);
  const rows = await tx<{ locationId: string }[]>`
    select location_id as "locationId" from inventory.location
    where seller_id = ${sellerId}
      and case when ${locationId ?? null}::text is null then is_default else location_id = ${locationId ?? null} end`;
  const place = rows[0]?.locationId;
  if (place === undefined) throw refuse(LocationRefusals.LOCATION_UNKNOWN, {});
  return place;
};
