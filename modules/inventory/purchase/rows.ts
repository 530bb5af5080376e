/** SQL that the verbs of purchase orders share. */
import { PurchaseRefusals, type PurchaseView } from "@shopnexus/contracts/inventory/purchase";
import type { Channel } from "@shopnexus/contracts/inventory/supplier";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Fragment, Sql, TxSql } from "../stock/rows.ts";

/** A purchase order of a seller's, or anybody's where no seller is named. */
export type Ref = { readonly purchaseId: string; readonly sellerId?: string };

const utc = (tx: Sql | TxSql, column: string): Fragment =>
  tx`to_json(${tx(column)} at time zone 'utc') #>> '{}' || 'Z'`;

/** The columns of `PurchaseView`. Leans on purchase_line_once_a_sku and hook_once_an_event. */
const viewOf = (tx: Sql | TxSql): Fragment => tx`
  purchase_id as "purchaseId", supplier_id as "supplierId", name as supplier, location_id as "locationId", state,
  purchase.channel, ${utc(tx, "drafted_at")} as "draftedAt", ${utc(tx, "sent_at")} as "sentAt", ${utc(tx, "due_at")} as "dueAt",
  ${utc(tx, "acknowledged_at")} as "acknowledgedAt", ${utc(tx, "ended_at")} as "endedAt",
  (
    select json_agg(json_build_object('skuId', sku_id, 'pieces', pieces, 'receivedPieces', received_pieces) order by sku_id)
    from inventory.purchase_line where purchase_line.purchase_id = purchase.purchase_id
  ) as lines,
  coalesce((
    select json_agg(json_build_object('event', hook.event, 'state', hook.state, 'attempts', hook.attempts,
      'reason', hook.reason, 'changedAt', ${utc(tx, "hook.changed_at")}) order by hook.queued_at)
    from inventory.hook where hook.purchase_id = purchase.purchase_id
  ), '[]') as hooks`;

/** Somebody else's is as unknown as none. Leans on purchase_pkey. */
export const findPurchase = async (tx: Sql | TxSql, { purchaseId, sellerId }: Ref): Promise<PurchaseView> => {
  const rows = await tx<PurchaseView[]>`
    select ${viewOf(tx)} from inventory.purchase join inventory.supplier using (supplier_id)
    where purchase_id = ${purchaseId} and purchase.seller_id = coalesce(${sellerId ?? null}, purchase.seller_id)`;
  if (rows[0] === undefined) throw refuse(PurchaseRefusals.PURCHASE_UNKNOWN, {});
  return rows[0];
};

/** Newest first, from behind a cursor of ours. Leans on purchase_newest. */
export const listPurchases = (
  tx: Sql,
  { sellerId, after, limit }: { sellerId: string; after: string | undefined; limit: number },
): Promise<PurchaseView[]> => tx<PurchaseView[]>`
  select ${viewOf(tx)} from inventory.purchase join inventory.supplier using (supplier_id)
  where purchase.seller_id = ${sellerId} and (${after ?? null}::text is null or (drafted_at, purchase_id) < (
    select drafted_at, purchase_id from inventory.purchase where purchase_id = ${after ?? null}))
  order by drafted_at desc, purchase_id desc limit ${limit}`;

export type Locked = {
  purchaseId: string;
  sellerId: string;
  locationId: string | null;
  state: PurchaseView["state"];
  code: string;
  email: string;
  leadDays: number;
  isSent: boolean;
  channel: Channel;
  /** As the supplier is told now. */
  supplierChannel: Channel;
};

/** Locked until the transaction ends: before any level. Leans on purchase_pkey. */
export const lockPurchase = async (tx: TxSql, { purchaseId, sellerId }: Ref): Promise<Locked> => {
  const rows = await tx<Locked[]>`
    select purchase_id as "purchaseId", purchase.seller_id as "sellerId", location_id as "locationId", state, code, email,
      lead_days as "leadDays", sent_at is not null as "isSent",
      purchase.channel, supplier.channel as "supplierChannel"
    from inventory.purchase join inventory.supplier using (supplier_id)
    where purchase_id = ${purchaseId} and purchase.seller_id = coalesce(${sellerId ?? null}, purchase.seller_id)
    for update of purchase`;
  if (rows[0] === undefined) throw refuse(PurchaseRefusals.PURCHASE_UNKNOWN, {});
  return rows[0];
};

export type Draft = {
  readonly purchaseId: string;
  readonly sellerId: string;
  readonly supplierId: string;
  readonly locationId: string | null;
  readonly code: string;
  readonly lines: readonly { readonly skuId: string; readonly pieces: number }[];
};

/** The first draft under an id stays. Leans on purchase_pkey. */
export const insertDraft = async (tx: Sql | TxSql, draft: Draft): Promise<void> => {
  await tx`
    with drafted as (
      insert into inventory.purchase (purchase_id, seller_id, supplier_id, location_id, code)
      values (${draft.purchaseId}, ${draft.sellerId}, ${draft.supplierId}, ${draft.locationId}, ${draft.code})
      on conflict do nothing
      returning purchase_id
    )
    insert into inventory.purchase_line (purchase_id, sku_id, pieces)
    select purchase_id, part.* from drafted, unnest(
      ${draft.lines.map(({ skuId }) => skuId)}::text[], ${draft.lines.map(({ pieces }) => pieces)}::int[]
    ) as part(sku_id, pieces)`;
};
