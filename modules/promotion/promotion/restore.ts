import type { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { moveHold } from "./rows.ts";

export const restore: Step<typeof Promotion, "restore"> = ({ promotionHoldId }, { db }) =>
  inTransaction(db, async (tx) => {
    await moveHold(tx, { promotionHoldId }, "restore");
    return {};
  });
