import type { Claim } from "@shopnexus/contracts/order/claim";
import type { Step } from "#modules/_kit/handler.ts";
import { claimPage } from "./rows.ts";

export const listAll: Step<typeof Claim, "listAll"> = async (asked, { db }) =>
  claimPage(db, undefined, asked);
