import type { Stock } from "@shopnexus/contracts/inventory/stock";
import type { Step } from "#modules/_kit/handler.ts";
import { bookOnce } from "../_kit/receipts.ts";
import { findOwnLevel } from "./rows.ts";
import { levelOf } from "./rules.ts";

export const book: Step<typeof Stock, "book"> = async (receipt, { db }) => {
  await db.$client.begin((tx) => bookOnce(tx, receipt));
  return levelOf(await findOwnLevel(db.$client, receipt.skuId, receipt.sellerId));
};
