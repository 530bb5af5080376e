import type { Profile } from "@shopnexus/contracts/account/profile";
import type { Step } from "#modules/_kit/handler.ts";
import { accountOf } from "#modules/_kit/principal.ts";
import { selectMe } from "./rows.ts";

export const me: Step<typeof Profile, "me"> = (_input, { who, db }) => selectMe(db, accountOf(who).accountId);
