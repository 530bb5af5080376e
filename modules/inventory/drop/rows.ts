/** SQL that the verbs of a drop share. */
import type { GatePlan, GateTicket } from "#modules/_kit/gate.ts";
import { DropRefusals } from "@shopnexus/contracts/inventory/drop";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import { admitNext, moveLevel, type Place } from "../_kit/places.ts";
import type { Sql, TxSql } from "../stock/rows.ts";
import { type DropRow, planOf, type SkuRow } from "./rules.ts";

const dropColumns = (tx: Sql | TxSql) => tx`
  drop_id as "dropId", seller_id as "sellerId", terms_hash as "termsHash", room, limit_pieces as "limit",
  window_ms as "windowMs", seed, seed_hash as "seedHash", gate_epoch::float8 as "gateEpoch", state,
  drawn_at is not null as "isDrawn",
  extract(epoch from starts_at)::float8 * 1000 as "startsMs", extract(epoch from draws_at)::float8 * 1000 as "drawsMs",
  extract(epoch from ends_at)::float8 * 1000 as "endsMs", extract(epoch from now())::float8 * 1000 as "readMs"`;

const skuColumns = (tx: Sql | TxSql) => tx`
  sku_id as "skuId", price_minor::float8 as "priceMinor", currency, units, places, waiting, taken, sold`;

/** Leans on drop_pkey. */
export const findDrop = async (tx: Sql | TxSql, dropId: string): Promise<DropRow | undefined> =>
  (await tx<DropRow[]>`select ${dropColumns(tx)} from inventory.drop where drop_id = ${dropId}`)[0];

export const mustFindDrop = async (tx: Sql | TxSql, dropId: string): Promise<DropRow> => {
  const found = await findDrop(tx, dropId);
  if (found === undefined) throw refuse(DropRefusals.DROP_UNKNOWN, {});
  return found;
};

/** By SKU. Leans on drop_sku_once. */
export const listSkus = (tx: Sql | TxSql, dropId: string): Promise<SkuRow[]> => tx<SkuRow[]>`
  select ${skuColumns(tx)} from inventory.drop_sku where drop_id = ${dropId} order by sku_id`;

type Whole = DropRow & { readonly skus: readonly SkuRow[] };

/** A drop and its SKUs as they stood together, in one trip. Leans on drop_pkey, drop_sku_once. */
export const mustFindWhole = async (tx: Sql, dropId: string): Promise<Whole> => {
  const rows = await tx<Whole[]>`
    select ${dropColumns(tx)}, (
      select json_agg(sku) from (
        select ${skuColumns(tx)} from inventory.drop_sku where drop_sku.drop_id = drop.drop_id order by sku_id
      ) as sku
    ) as skus
    from inventory.drop where drop_id = ${dropId}`;
  const [found] = rows;
  if (found === undefined) throw refuse(DropRefusals.DROP_UNKNOWN, {});
  return found;
};

/** In one order, before anything of the drop is written. */
export const lockDrop = async (tx: TxSql, dropId: string): Promise<Place[]> => {
  const rows = await tx<{ skuId: string }[]>`
    select sku_id as "skuId" from inventory.drop_sku where drop_id = ${dropId} order by sku_id for no key update`;
  return rows.map(({ skuId }) => ({ dropId, skuId }));
};

/** From here on nobody enters. The SKUs are locked. */
export const stopEntries = async (tx: TxSql, dropId: string): Promise<void> => {
  await tx`update inventory.drop_sku set takes_entries = false where drop_id = ${dropId} and takes_entries`;
};

/** Those whose pieces the gate counts. Leans on ticket_of_drop. */
export const listLive = (tx: Sql | TxSql, dropId: string): Promise<GateTicket[]> => tx<GateTicket[]>`
  select ticket_id as "ticketId", sku_id as "skuId", account_id as "accountId", pieces
  from inventory.ticket where drop_id = ${dropId} and state <> 'lapsed' order by ticket_id`;

export const gatePlanOf = async (tx: Sql, row: DropRow): Promise<GatePlan> =>
  planOf(row, await listSkus(tx, row.dropId), await listLive(tx, row.dropId));

/** What was not sold is on the shelf again. The SKUs are locked, and nobody has a piece of them in hand. */
export const shelve = async (
  tx: TxSql,
  {
    dropId,
    actor,
    state,
  }: { readonly dropId: string; readonly actor: string; readonly state: "closed" | "withdrawn" },
): Promise<boolean> => {
  const ended = await tx`
    update inventory.drop set state = ${state}, closed_at = now()
    where drop_id = ${dropId} and state = 'announced' returning drop_id`;
  if (ended.length === 0) return false;
  for (const { skuId, units, sold } of await listSkus(tx, dropId)) {
    const left = units - sold;
    if (left > 0)
      await moveLevel(tx, {
        skuId,
        reason: "release",
        reference: dropId,
        actor,
        heldDelta: -left,
        soldDelta: 0,
      });
  }
  return true;
};

/** Admits until nobody fits any more. */
export const admitAll = async (tx: TxSql, place: Place): Promise<void> => {
  while ((await admitNext(tx, place)) > 0) continue;
};

/** Of all who would build the gate at once one does: the one that counts it up from what all of them have read. */
export const raiseEpoch = async (tx: Sql, row: DropRow): Promise<DropRow | undefined> => {
  const raised = await tx`
    update inventory.drop set gate_epoch = gate_epoch + 1
    where drop_id = ${row.dropId} and gate_epoch = ${row.gateEpoch} returning drop_id`;
  return raised.length === 0 ? undefined : { ...row, gateEpoch: row.gateEpoch + 1 };
};
