import type { Wallet } from "@shopnexus/contracts/account/wallet";
import type { Step } from "#modules/_kit/handler.ts";
import { selectEntries } from "./rows.ts";
import { toEntries } from "./rules.ts";

export const entries: Step<typeof Wallet, "entries"> = async ({ reference }, { db }) => ({
  entries: toEntries(await selectEntries(db, reference)),
});
