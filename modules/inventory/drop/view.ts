import type { Drop } from "@shopnexus/contracts/inventory/drop";
import type { Step } from "#modules/_kit/handler.ts";
import { listSkus, mustFindDrop } from "./rows.ts";
import { viewOf } from "./rules.ts";

export const view: Step<typeof Drop, "view"> = async ({ dropId }, { db }) =>
  viewOf(await mustFindDrop(db.$client, dropId), await listSkus(db.$client, dropId));
