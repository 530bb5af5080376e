import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Step } from "#modules/_kit/handler.ts";
import { selectDrifted, selectUnbalanced } from "./rows.ts";

export const audit: Step<typeof Wallet, "audit"> = async (_input, { db }) => ({
  unbalanced: await selectUnbalanced(db),
  drifted: await selectDrifted(db),
});
