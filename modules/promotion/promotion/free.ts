import type { Promotion } from "@shopnexus/contracts/promotion/promotion";
import { inTransaction } from "#db/_kit/transaction.ts";
import type { Step } from "#modules/_kit/handler.ts";
import { moveHold } from "./rows.ts";

export const free: Step<typeof Promotion, "free"> = ({ promotionHoldId }, { db }) =>
  inTransaction(db, async (tx) => {
    await moveHold(tx, { promotionHoldId }, "free");
    return {};
  });
