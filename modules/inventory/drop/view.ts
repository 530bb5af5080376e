import type { Drop } from "@shopnexus/contracts/inventory/drop";
import type { Step } from "#modules/_kit/handler.ts";
import { mustFindWhole } from "./rows.ts";
import { viewOf } from "./rules.ts";

export const view: Step<typeof Drop, "view"> = async ({ dropId }, { db }) => {
  const { skus, ...row } = await mustFindWhole(db.$client, dropId);
  return viewOf(row, skus);
};
