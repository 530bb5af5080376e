import type { Supplier, SupplierView } from "@shopnexus/contracts/inventory/supplier";
import { assert } from "#modules/_kit/assert.ts";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { viewOf } from "./rows.ts";

/** How the supplier is told stays as it is. Leans on supplier_pkey. */
export const put: Step<typeof Supplier, "put"> = async ({ name, email, leadDays }, { db, who }) => {
  const { accountId } = accountOf(who);
  const supplierId = deriveId("spl", accountId, name);
  const rows = await db.$client<SupplierView[]>`
    insert into inventory.supplier (supplier_id, seller_id, name, email, lead_days)
    values (${supplierId}, ${accountId}, ${name}, ${email}, ${leadDays})
    on conflict (supplier_id) do update set email = excluded.email, lead_days = excluded.lead_days
    returning ${viewOf(db.$client)}`;
  assert(rows[0], "it was written, and no supplier is ever deleted");
  return rows[0];
};
