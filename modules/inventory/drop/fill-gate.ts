import type { Drop } from "@shopnexus/contracts/inventory/drop";
import type { Step } from "#modules/_kit/handler.ts";
import { findDrop, gatePlanOf, raiseEpoch } from "./rows.ts";

export const fillGate: Step<typeof Drop, "fillGate"> = async ({ dropId }, { db, gate }) => {
  if (gate === undefined) return { isBuilt: false };
  const row = await findDrop(db.$client, dropId);
  if (row === undefined) {
    await gate.bar(dropId);
    return { isBuilt: false };
  }
  const raised = await raiseEpoch(db.$client, row);
  if (raised === undefined) return { isBuilt: false };
  return { isBuilt: await gate.build(dropId, await gatePlanOf(db.$client, raised), "missing") };
};
