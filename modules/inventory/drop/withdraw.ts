import { type Drop, DropRefusals } from "@shopnexus/contracts/inventory/drop";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { lockDrop, mustFindDrop, shelve, stopEntries } from "./rows.ts";

export const withdraw: Step<typeof Drop, "withdraw"> = async ({ dropId }, { db, who, gate }) => {
  const { accountId } = accountOf(who);
  await db.$client.begin(async (tx) => {
    await lockDrop(tx, dropId);
    const row = await mustFindDrop(tx, dropId);
    if (row.sellerId !== accountId) throw refuse(DropRefusals.DROP_UNKNOWN, {});
    if (row.state === "withdrawn") return;
    if (row.state === "closed" || row.readMs >= row.startsMs) throw refuse(DropRefusals.DROP_BEGUN, {});
    await stopEntries(tx, dropId);
    await shelve(tx, { dropId, actor: accountId, state: "withdrawn" });
  });
  await gate?.drop(dropId);
  return {};
};
