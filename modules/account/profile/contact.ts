import { type Profile, ProfileRefusals } from "@shopnexus/contracts/account/profile";
import { refuse } from "@shopnexus/contracts/kit/refusal";
import type { Step } from "#modules/_kit/handler.ts";
import { findAccount } from "./rows.ts";

export const contact: Step<typeof Profile, "contact"> = async ({ accountId }, { db }) => {
  const found = await findAccount(db, accountId);
  if (found === undefined) throw refuse(ProfileRefusals.ACCOUNT_UNKNOWN, {});
  return found;
};
