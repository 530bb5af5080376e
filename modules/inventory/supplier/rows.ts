/** SQL that the verbs of suppliers share. */
import { type Channel, SupplierRefusals, type SupplierView } from "@shopnexus/contracts/inventory/supplier";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Fragment, Sql } from "../stock/rows.ts";

/** The columns of `SupplierView`: never the secret. */
export const viewOf = (tx: Sql): Fragment => tx`
  supplier_id as "supplierId", name, email, lead_days as "leadDays", channel, webhook_url as "webhookUrl"`;

type Told = { readonly channel: Channel; readonly url: string | null; readonly secret: string | null };

/** Somebody else's is as unknown as none. Leans on supplier_pkey. */
export const setChannel = async (
  tx: Sql,
  { supplierId, sellerId }: { readonly supplierId: string; readonly sellerId: string },
  { channel, url, secret }: Told,
): Promise<SupplierView> => {
  const rows = await tx<SupplierView[]>`
    update inventory.supplier set channel = ${channel}, webhook_url = ${url}, webhook_secret = ${secret}
    where supplier_id = ${supplierId} and seller_id = ${sellerId}
    returning ${viewOf(tx)}`;
  if (rows[0] === undefined) throw refuse(SupplierRefusals.SUPPLIER_UNKNOWN, {});
  return rows[0];
};
