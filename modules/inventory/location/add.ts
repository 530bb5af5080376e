import {
  LOCATION_COUNT_MAX,
  type Location,
  LocationRefusals,
  type LocationView,
} from "@shopnexus/contracts/inventory/location";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import type { Sql, TxSql } from "../stock/rows.ts";
import { listLocations, locationIdOf } from "./rows.ts";

export const add: Step<typeof Location, "add"> = async ({ name }, { db, who }) => {
  const { accountId } = accountOf(who);
  await db.$client.begin(async (tx) => {
    await takeTurn(tx, accountId);
    await insertLocation(tx, accountId, name);
  });
  const added = await findNamed(db.$client, accountId, name);
  if (added === undefined) throw refuse(LocationRefusals.LOCATIONS_FULL, {});
  return added;
};

/** One at a time for a seller: who counts them sees what the one before has added. */
const takeTurn = async (tx: TxSql, sellerId: string): Promise<void> => {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`location/${sellerId}`}, 0))`;
};

/** Leans on location_name_once_a_seller. */
const insertLocation = async (tx: TxSql, sellerId: string, name: string): Promise<void> => {
  await tx`
    insert into inventory.location (location_id, seller_id, name, is_default)
    select ${locationIdOf(sellerId, name)}, ${sellerId}, ${name}, not coalesce(bool_or(is_default), false)
    from inventory.location where seller_id = ${sellerId} having count(*) < ${LOCATION_COUNT_MAX}
    on conflict do nothing`;
};

const findNamed = async (tx: Sql, sellerId: string, name: string): Promise<LocationView | undefined> =>
  (await listLocations(tx, sellerId)).find((location) => location.name === name);
