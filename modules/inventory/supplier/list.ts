import {
  type Supplier,
  SUPPLIER_COUNT_MAX,
  type SupplierView,
} from "@shopnexus/contracts/inventory/supplier";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { viewOf } from "./rows.ts";

/** Leans on supplier_name_once_a_seller. */
export const list: Step<typeof Supplier, "list"> = async (_nothing, { db, who }) => {
  const suppliers = await db.$client<SupplierView[]>`
    select ${viewOf(db.$client)} from inventory.supplier
    where seller_id = ${accountOf(who).accountId} order by name limit ${SUPPLIER_COUNT_MAX}`;
  return { suppliers: [...suppliers] };
};
