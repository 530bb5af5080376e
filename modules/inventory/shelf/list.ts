import type { Shelf } from "@shopnexus/contracts/inventory/shelf";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { findOwnLevel } from "../stock/rows.ts";
import { listShelves } from "./rows.ts";

export const list: Step<typeof Shelf, "list"> = async ({ skuId }, { db, who }) => {
  await findOwnLevel(db.$client, skuId, accountOf(who).accountId);
  return { skuId, shelves: [...(await listShelves(db.$client, skuId))] };
};
