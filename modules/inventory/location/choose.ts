import { type Location, LocationRefusals } from "@shopnexus/contracts/inventory/location";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import type { TxSql } from "../stock/rows.ts";
import { listLocations } from "./rows.ts";

/** Statement by statement, the old one first: the index of defaults is looked at row by row. */
export const choose: Step<typeof Location, "choose"> = async ({ locationId }, { db, who }) => {
  const { accountId } = accountOf(who);
  const locations = await db.$client.begin(async (tx) => {
    await lockLocations(tx, accountId);
    const known = await listLocations(tx, accountId);
    if (known.some((location) => location.locationId === locationId)) {
      await setDefault(tx, { sellerId: accountId, locationId, isDefault: false });
      await setDefault(tx, { sellerId: accountId, locationId, isDefault: true });
    }
    return listLocations(tx, accountId);
  });
  const chosen = locations.find((location) => location.locationId === locationId);
  if (chosen === undefined) throw refuse(LocationRefusals.LOCATION_UNKNOWN, {});
  return chosen;
};

type Choice = { readonly sellerId: string; readonly locationId: string; readonly isDefault: boolean };

/** In their order, so that two who choose at once wait in line. */
const lockLocations = async (tx: TxSql, sellerId: string): Promise<void> => {
  await tx`select from inventory.location where seller_id = ${sellerId} order by location_id for no key update`;
};

/** Makes this one the default, or all others not. Leans on location_name_once_a_seller. */
const setDefault = async (tx: TxSql, { sellerId, locationId, isDefault }: Choice): Promise<void> => {
  await tx`
    update inventory.location set is_default = ${isDefault}
    where seller_id = ${sellerId} and (location_id = ${locationId}) = ${isDefault} and is_default <> ${isDefault}`;
};
