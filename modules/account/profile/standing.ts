import type { Profile } from "@shopnexus/contracts/account/profile";
import type { Step } from "#modules/_kit/handler.ts";
import { selectStanding } from "./rows.ts";

export const standing: Step<typeof Profile, "standing"> = ({ accountId }, { db }) =>
  selectStanding(db, accountId);
