import type { Supplier, SupplierView } from "@shopnexus/contracts/inventory/supplier";
import { deriveId } from "#modules/_kit/derive.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import type { Sql } from "../stock/rows.ts";

export const put: Step<typeof Supplier, "put"> = async (wanted, { db, who }) => {
  const { accountId } = accountOf(who);
  const view = { supplierId: deriveId("spl", accountId, wanted.name), ...wanted };
  await upsertSupplier(db.$client, accountId, view);
  return view;
};

/** Leans on supplier_pkey. */
const upsertSupplier = async (
  tx: Sql,
  sellerId: string,
  { supplierId, name, email, leadDays }: SupplierView,
): Promise<void> => {
  await tx`
    insert into inventory.supplier (supplier_id, seller_id, name, email, lead_days)
    values (${supplierId}, ${sellerId}, ${name}, ${email}, ${leadDays})
    on conflict (supplier_id) do update set email = excluded.email, lead_days = excluded.lead_days`;
};
