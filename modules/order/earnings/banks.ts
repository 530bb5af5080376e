import type { Earnings } from "@shopnexus/contracts/order/earnings";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { selectBanks } from "./rows.ts";
import { toBank } from "./rules.ts";

export const banks: Step<typeof Earnings, "banks"> = async (_input, { db, who }) => ({
  banks: (await selectBanks(db, accountOf(who).accountId)).map(toBank),
});
